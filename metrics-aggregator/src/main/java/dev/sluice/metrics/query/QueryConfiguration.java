package dev.sluice.metrics.query;

import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.topology.CacheStatsTopology;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to the windows. */
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {
    @Bean
    CacheStatsReader cacheStatsReader(StreamsRunner runner) {
        return new CacheStatsReader(partition ->
                runner.store(CacheStatsTopology.TALLY_STORE, QueryableStoreTypes.windowStore(), partition));
    }
}
