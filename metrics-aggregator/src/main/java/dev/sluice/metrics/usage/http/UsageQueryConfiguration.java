package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.usage.UsageReader;
import dev.sluice.metrics.usage.UsageTopology;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to the pages. */
@Configuration(proxyBeanMethods = false)
class UsageQueryConfiguration {
    @Bean
    UsageReader usageReader(StreamsRunner runner) {
        return new UsageReader(
                partition -> runner.store(UsageTopology.STORE, QueryableStoreTypes.keyValueStore(), partition));
    }
}
