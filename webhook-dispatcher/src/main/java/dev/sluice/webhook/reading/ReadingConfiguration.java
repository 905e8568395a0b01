package dev.sluice.webhook.reading;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PoisonPublisher;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.webhook.endpoint.EndpointTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the readers: they start when the topics are there and all endpoints are known. */
@Configuration(proxyBeanMethods = false)
class ReadingConfiguration {

    @Bean
    TopicReaders topicReaders(
            KafkaClients clients,
            PoisonPublisher poison,
            TopicProvisioner topics,
            EndpointTable endpoints,
            InstantSource clock,
            MeterRegistry meters) {
        // Without the endpoints an event would match nobody and be lost for them.
        return new TopicReaders(
                clients, poison, topics.ready().thenCombine(endpoints.whenReady(), (a, b) -> null), clock, meters);
    }

    @Bean
    HealthIndicator readersHealthIndicator(List<TopicReader> readers) {
        return new ReadersHealthIndicator(readers);
    }
}
