package dev.sluice.webhook.health;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.webhook.endpoint.EndpointDisabler;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.reading.TopicReader;
import dev.sluice.webhook.reading.TopicReaders;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the health of endpoints. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HealthProperties.class)
class HealthConfiguration {

    @Bean
    HealthTable healthTable(LogTables tables) {
        return HealthTable.over(tables);
    }

    @Bean
    OperationalEventPublisher operationalEventPublisher(
            RecordPublishers publishers, StrictJson json, InstantSource clock, MeterRegistry meters) {
        return new OperationalEventPublisher(publishers, json, clock, meters);
    }

    @Bean
    TopicReader healthReader(
            TopicReaders readers,
            EndpointTable endpoints,
            EndpointDisabler disabler,
            HealthTable table,
            OperationalEventPublisher events,
            HealthProperties properties,
            InstantSource clock) {
        HealthListener listener = new HealthListener(
                endpoints::find,
                id -> disabler.disable(id, WebhookDisabledReason.FAILING),
                table,
                events,
                properties,
                clock);
        endpoints.onChange(listener::changed);
        CompletableFuture<?> _ = CompletableFuture.allOf(endpoints.whenReady(), table.whenReady())
                .thenRun(listener::sweep);
        return readers.reader(HealthListener.SETTINGS, DeliveryAttempt.class, listener);
    }

    @Bean
    TopicReader exhaustedReader(TopicReaders readers, EndpointTable endpoints, OperationalEventPublisher events) {
        return readers.reader(
                ExhaustedListener.SETTINGS, DeadDelivery.class, new ExhaustedListener(endpoints::find, events));
    }
}
