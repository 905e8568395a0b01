package dev.sluice.metrics.streams;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.reuse.ReuseTopology;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.traffic.RouteStatsTopology;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.metrics.webhook.WebhookStatsTopology;
import java.time.InstantSource;
import org.apache.kafka.streams.Topology;

/**
 * All that is counted, as one topology. Parts number their tasks in the order in which they are added, and state folders and standbys go by these
 * numbers: a new part comes last.
 */
public final class AggregatorTopology {
    private AggregatorTopology() {}

    /** What is counted with these settings. */
    public static Topology of(
            TopologyProperties properties, UsageProperties usage, InstantSource clock, AggregationCounters counters) {
        Topology topology = new CacheStatsTopology(properties, clock, counters).build();
        new ReuseTopology(properties).addTo(topology, CacheStatsTopology.SOURCE);
        new UsageTopology(usage, properties.eventTime(), clock, counters).addTo(topology);
        new RouteStatsTopology(properties, counters).addTo(topology, UsageTopology.SOURCE);
        new WebhookStatsTopology(properties, clock, counters).addTo(topology);
        return new EventStatsTopology(properties, clock, counters).addTo(topology);
    }
}
