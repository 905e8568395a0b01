package dev.sluice.metrics.query;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.event.EventTally;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.reuse.ReuseTopology;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.traffic.RouteStatsTopology;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.webhook.WebhookStatsTopology;
import dev.sluice.metrics.webhook.WebhookTally;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to the windows. */
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {
    @Bean
    LadderReader<CacheTally> cacheWindows(StreamsRunner runner, TopologyProperties properties) {
        return reader(CacheStatsTopology.ladderOf(properties), runner);
    }

    @Bean
    CacheStatsReader cacheStatsReader(LadderReader<CacheTally> cacheWindows) {
        return new CacheStatsReader(cacheWindows);
    }

    @Bean
    LadderReader<RouteTally> routeWindows(StreamsRunner runner, TopologyProperties properties) {
        return reader(RouteStatsTopology.ladderOf(properties), runner);
    }

    @Bean
    LadderReader<WebhookTally> webhookWindows(StreamsRunner runner, TopologyProperties properties) {
        return reader(WebhookStatsTopology.ladderOf(properties), runner);
    }

    @Bean
    LadderReader<EventTally> eventWindows(StreamsRunner runner, TopologyProperties properties) {
        return reader(EventStatsTopology.ladderOf(properties), runner);
    }

    @Bean
    LadderReader<ReuseTally> reuseWindows(StreamsRunner runner, TopologyProperties properties) {
        return reader(ReuseTopology.ladderOf(properties), runner);
    }

    private static <T extends Tally<T>> LadderReader<T> reader(Ladder<T> ladder, StreamsRunner runner) {
        return new LadderReader<>(
                ladder, (store, partition) -> runner.store(store, QueryableStoreTypes.windowStore(), partition));
    }
}
