package dev.sluice.metrics.freshness;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.metrics.webhook.WebhookStatsTopology;
import dev.sluice.platform.kafka.KafkaClients;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Watches the inputs of the topologies. */
@Configuration(proxyBeanMethods = false)
class FreshnessConfiguration {
    @Bean
    FreshnessMonitor freshnessMonitor(KafkaClients clients, StreamsProperties properties, InstantSource clock) {
        return new FreshnessMonitor(
                clients::newAdmin,
                List.of(
                        CacheStatsTopology.inputTopic(),
                        UsageTopology.inputTopic(),
                        WebhookStatsTopology.inputTopic(),
                        EventStatsTopology.inputTopic()),
                properties.applicationId(),
                clock);
    }
}
