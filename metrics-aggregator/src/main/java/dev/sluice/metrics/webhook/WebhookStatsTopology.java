package dev.sluice.metrics.webhook;

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
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * From {@code webhook.attempts} to windows of a minute, an hour and a day for each webhook, and their rollups. Attempts are keyed by their
 * webhook, so one partition sees all of one. Every name is fixed: changelog topics and consumer offsets hang on them.
 */
public final class WebhookStatsTopology {
    private static final String LADDER = "webhook-tally";
    private static final String SOURCE = "webhook-attempts-source";
    private static final String PROCESSOR = "webhook-tally";
    private static final String SINK = "webhook-rollups-sink";

    private final TopologyProperties properties;
    private final InstantSource clock;
    private final AggregationCounters counters;

    public WebhookStatsTopology(TopologyProperties properties, InstantSource clock, AggregationCounters counters) {
        this.properties = properties;
        this.clock = clock;
        this.counters = counters;
    }

    /** The topic whose consumption tells how fresh the answers are. */
    public static String inputTopic() {
        return Topics.WEBHOOK_ATTEMPTS.name();
    }

    /** The windows of attempts, by {@link NamedDimension}. */
    public static Ladder<WebhookTally> ladderOf(TopologyProperties properties) {
        return properties.factLadder(LADDER, WebhookTally.KIND);
    }

    /** Adds this to a topology, of which it is a part by itself. */
    public Topology addTo(Topology topology) {
        Ladder<WebhookTally> ladder = ladderOf(properties);
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new EventTimeExtractor(properties.eventTime(), clock, counters),
                new ByteArrayDeserializer(),
                RecordSerde.of(Topics.WEBHOOK_ATTEMPTS).deserializer(),
                Topics.WEBHOOK_ATTEMPTS.name());
        topology.addProcessor(
                PROCESSOR,
                () -> new FactProcessor<>(new WebhookFacts(ladder.finest()), ladder, properties.newBudget(), counters),
                SOURCE);
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
