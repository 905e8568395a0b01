package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to the windows. */
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {
    @Bean
    CacheStatsReader cacheStatsReader(StreamsRunner runner, TopologyProperties properties) {
        return new CacheStatsReader(new LadderReader<>(
                CacheStatsTopology.ladderOf(properties),
                (store, partition) -> runner.store(store, QueryableStoreTypes.windowStore(), partition)));
    }
}
