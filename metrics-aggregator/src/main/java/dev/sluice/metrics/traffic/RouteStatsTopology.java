package dev.sluice.metrics.traffic;

import dev.sluice.metrics.fact.FactProcessor;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.schemas.Topics;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;

/**
 * From {@code requests} to windows of a minute, an hour and a day for each route, and their rollups. Gateways key a batch by tenant and
 * route, so one partition sees all of a route. Every name is fixed: changelog topics hang on them.
 */
public final class RouteStatsTopology {
    private static final String LADDER = "route-tally";
    private static final String PROCESSOR = "route-tally";
    private static final String SINK = "route-rollups-sink";

    private final TopologyProperties properties;
    private final AggregationCounters counters;

    public RouteStatsTopology(TopologyProperties properties, AggregationCounters counters) {
        this.properties = properties;
        this.counters = counters;
    }

    /**
     * The windows of requests, by {@link NamedDimension}. A batch that waited at its gateway is not late for as long as windows of a minute
     * have room for it, though those of other gateways have moved stream time on.
     */
    public static Ladder<RouteTally> ladderOf(TopologyProperties properties) {
        return properties.factLadder(LADDER, RouteSplitter.MAX_OFFSET, RouteTally.KIND);
    }

    /** Adds this to a topology that has the source. */
    public Topology addTo(Topology topology, String source) {
        Ladder<RouteTally> ladder = ladderOf(properties);
        topology.addProcessor(
                PROCESSOR,
                () -> new FactProcessor<>(
                        new RouteFacts(new RouteSplitter(ladder.finest(), properties.eventTime())),
                        ladder,
                        properties.newBudget(),
                        counters),
                source);
        ladder.stores().forEach(store -> topology.addStateStore(store, PROCESSOR));
        topology.addSink(
                SINK,
                Topics.ROLLUPS.name(),
                new StringSerializer(),
                RecordSerde.of(Topics.ROLLUPS).serializer(),
                PROCESSOR);
        return topology;
    }
}
