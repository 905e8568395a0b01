package dev.sluice.metrics.event;

import dev.sluice.metrics.fact.FactProcessor;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.EventTimeExtractor;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * From {@code events} to how many of each type a tenant has published, by the minute, hour and day. Events are keyed by their subject, so those of a
 * type lie in all partitions: each task counts its own, and who asks adds them up. Every name is fixed: changelog topics and consumer
 * offsets hang on them.
 */
public final class EventStatsTopology {
    private static final String LADDER = "event-tally";
    private static final String SOURCE = "events-source";
    private static final String PROCESSOR = "event-tally";

    private final TopologyProperties properties;
    private final InstantSource clock;
    private final AggregationCounters counters;

    public EventStatsTopology(TopologyProperties properties, InstantSource clock, AggregationCounters counters) {
        this.properties = properties;
        this.clock = clock;
        this.counters = counters;
    }

    /** The topic whose consumption tells how fresh the answers are. */
    public static String inputTopic() {
        return Topics.EVENTS.name();
    }

    /** The windows of events, by {@link NamedDimension}. */
    public static Ladder<EventTally> ladderOf(TopologyProperties properties) {
        return properties.factLadder(LADDER, EventTally.KIND);
    }

    /** Adds this to a topology, of which it is a part by itself. */
    public Topology addTo(Topology topology) {
        Ladder<EventTally> ladder = ladderOf(properties);
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new EventTimeExtractor(properties.eventTime(), clock, counters),
                new ByteArrayDeserializer(),
                RecordSerde.of(Topics.EVENTS).deserializer(),
                Topics.EVENTS.name());
        topology.addProcessor(
                PROCESSOR,
                () -> new FactProcessor<>(new EventFacts(ladder.finest()), ladder, properties.newBudget(), counters),
                SOURCE);
        ladder.stores().forEach(store -> topology.addStateStore(store, PROCESSOR));
        return topology;
    }
}
