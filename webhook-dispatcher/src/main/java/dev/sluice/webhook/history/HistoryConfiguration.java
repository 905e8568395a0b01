package dev.sluice.webhook.history;

import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.webhook.delivery.CursorTable;
import dev.sluice.webhook.delivery.Sender;
import dev.sluice.webhook.endpoint.Endpoints;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what is remembered of deliveries. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistoryProperties.class)
class HistoryConfiguration {

    @Bean
    History history(HistoryProperties properties, MeterRegistry meters) {
        History history = new History(properties.maxPerEndpoint(), properties.maxInAll(), properties.retention());
        Gauge.builder("sluice.webhook.history.size", history, History::size)
                .description("Attempts that are remembered")
                .register(meters);
        return history;
    }

    @Bean
    HistoryListener historyListener(
            LogFollowers followers, History history, HistoryProperties properties, InstantSource clock) {
        return new HistoryListener(followers, history, properties.retention(), clock);
    }

    @Bean
    Deliveries deliveries(
            Endpoints endpoints, History history, HistoryListener listener, CursorTable places, InstantSource clock) {
        return new Deliveries(endpoints, history, listener::heardUntil, places::find, clock);
    }

    @Bean
    LaterAttempts laterAttempts(History history, InstantSource clock) {
        return new LaterAttempts(history, clock);
    }

    @Bean
    Originals originals(LogSearch search, HistoryProperties properties, InstantSource clock) {
        return new Originals(new DeliveriesTable(search), properties.resendsPerMinute(), clock);
    }

    @Bean
    Resends resends(Deliveries deliveries, Originals originals, DeliveryPublisher publisher, InstantSource clock) {
        return new Resends(deliveries, originals, publisher, clock);
    }

    @Bean
    SentRequests sentRequests(Deliveries deliveries, Originals originals, Sender sender) {
        return new SentRequests(deliveries, originals, sender);
    }
}
