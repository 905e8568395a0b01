package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * From {@code cache.reads} to windows of ten seconds, a minute, an hour and a day, and the rollups of all but the first. Producers key a batch by its dimension, so one
 * partition sees all of a dimension and nothing has to be repartitioned. Every name is fixed: changelog topics and
 * consumer offsets hang on them.
 */
public final class CacheStatsTopology {
    /** What the stores begin with; their changelogs are {@code <application id>-cache-tally-1m-changelog} and the like. */
    private static final String LADDER = "cache-tally";

    /** What others that need the reads hang on. */
    public static final String SOURCE = "cache-reads-source";

    private static final String PROCESSOR = "cache-tally";
    private static final String SINK = "rollups-sink";

    private final TopologyProperties properties;
    private final Ladder<CacheTally> ladder;
    private final EventTime eventTime;
    private final InstantSource clock;
    private final AggregationCounters counters;

    public CacheStatsTopology(TopologyProperties properties, InstantSource clock, AggregationCounters counters) {
        this.properties = properties;
        this.ladder = ladderOf(properties);
        this.eventTime = properties.eventTime();
        this.clock = clock;
        this.counters = counters;
    }

    /** The windows of cache reads, by {@link dev.sluice.metrics.tally.CacheDimension}. */
    public static Ladder<CacheTally> ladderOf(TopologyProperties properties) {
        return new Ladder<>(LADDER, properties.levels(), properties.grace(), CacheTally.KIND);
    }

    /** The topic whose consumption tells how fresh the answers are. */
    public static String inputTopic() {
        return Topics.CACHE_READS.name();
    }

    /** Where records of that topic go that cannot be counted. */
    static String poisonTopicOf(String topic) {
        return Topics.find(topic)
                .map(TopicDescriptor::poisonName)
                .orElseThrow(() -> new IllegalArgumentException("not a topic of the catalogue: " + topic));
    }

    /** What Kafka Streams has to know for this topology; where and how it runs is added by who runs it. */
    public static Map<String, Object> streamsProperties(AggregationCounters counters) {
        return Map.of(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
                true,
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                PoisonDecodingHandler.class,
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                PoisonContentHandler.class,
                PoisonRecords.COUNTERS,
                counters);
    }

    public Topology build() {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new EventTimeExtractor(eventTime, clock, counters),
                new ByteArrayDeserializer(),
                RecordSerde.of(Topics.CACHE_READS).deserializer(),
                Topics.CACHE_READS.name());
        topology.addProcessor(
                PROCESSOR, () -> new CacheReadsProcessor(ladder, properties.newBudget(), counters), SOURCE);
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
