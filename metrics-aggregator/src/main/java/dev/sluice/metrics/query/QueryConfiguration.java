package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.traffic.RouteStatsTopology;
import dev.sluice.metrics.traffic.RouteTally;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to the windows. */
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {
    @Bean
    LadderReader<CacheTally> cacheWindows(StreamsRunner runner, TopologyProperties properties) {
        return new LadderReader<>(
                CacheStatsTopology.ladderOf(properties),
                (store, partition) -> runner.store(store, QueryableStoreTypes.windowStore(), partition));
    }

    @Bean
    CacheStatsReader cacheStatsReader(LadderReader<CacheTally> cacheWindows) {
        return new CacheStatsReader(cacheWindows);
    }

    @Bean
    LadderReader<RouteTally> routeWindows(StreamsRunner runner, TopologyProperties properties) {
        return new LadderReader<>(
                RouteStatsTopology.ladderOf(properties),
                (store, partition) -> runner.store(store, QueryableStoreTypes.windowStore(), partition));
    }
}
