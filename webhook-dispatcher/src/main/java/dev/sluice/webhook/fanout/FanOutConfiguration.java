package dev.sluice.webhook.fanout;

import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.platform.telemetry.health.HealthCheck;
import dev.sluice.platform.telemetry.health.KafkaChecks;
import dev.sluice.record.DomainEvent;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.reading.TopicReader;
import dev.sluice.webhook.reading.TopicReaders;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way from events to deliveries. */
@Configuration(proxyBeanMethods = false)
class FanOutConfiguration {

    @Bean
    DeliveryPublisher deliveryPublisher(RecordPublishers publishers) {
        return new DeliveryPublisher(publishers);
    }

    @Bean
    TopicReader eventReader(
            TopicReaders readers,
            EndpointTable endpoints,
            DeliveryPublisher publisher,
            Telemetry telemetry,
            InstantSource clock) {
        EventListener listener = new EventListener(endpoints, publisher, telemetry, clock);
        return readers.reader(EventListener.SETTINGS, DomainEvent.class, listener);
    }

    /** Of events alone: what waits for its receiver waits on purpose. */
    @Bean
    HealthCheck lagHealthCheck(KafkaChecks kafka) {
        return kafka.lag(EventListener.SETTINGS.group(), EventListener.SETTINGS.topics());
    }
}
