package dev.sluice.metrics.freshness;

import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.kafka.KafkaClients;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Watches the input of the topology. */
@Configuration(proxyBeanMethods = false)
class FreshnessConfiguration {
    @Bean
    FreshnessMonitor freshnessMonitor(KafkaClients clients, StreamsProperties properties, InstantSource clock) {
        return new FreshnessMonitor(
                clients::newAdmin, CacheStatsTopology.inputTopic(), properties.applicationId(), clock);
    }
}
