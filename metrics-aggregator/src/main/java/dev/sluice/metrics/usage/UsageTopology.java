package dev.sluice.metrics.usage;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.EventTime;
import dev.sluice.metrics.topology.EventTimeExtractor;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From {@code requests} to what each key used. Gateways key a batch by tenant and route, so the requests of one key lie in
 * several partitions: each task counts those of its own, and who asks adds the parts up. That needs no topic in between, and
 * stays right when the topic is given more partitions. Months are the sums of their days and not stored. Every name is
 * fixed: the changelog topic and consumer offsets hang on them.
 */
public final class UsageTopology {
    /** Pages by {@link UsageKey}; its changelog is {@code <application id>-usage-changelog}. */
    public static final String STORE = "usage";

    /** Where requests come in. */
    public static final String SOURCE = "requests-source";

    private static final String PROCESSOR = "usage-tally";
    private static final String SINK = "usage-sink";

    private final UsageProperties properties;
    private final EventTime eventTime;
    private final InstantSource clock;
    private final AggregationCounters counters;

    public UsageTopology(
            UsageProperties properties, EventTime eventTime, InstantSource clock, AggregationCounters counters) {
        this.properties = properties;
        this.eventTime = eventTime;
        this.clock = clock;
        this.counters = counters;
    }

    /** The topic whose consumption tells how fresh the answers are. */
    public static String inputTopic() {
        return Topics.REQUESTS.name();
    }

    /** Adds this to a topology, of which it is a part by itself. */
    public Topology addTo(Topology topology) {
        UsageSplitter splitter = new UsageSplitter(eventTime);
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new EventTimeExtractor(eventTime, clock, counters),
                new ByteArrayDeserializer(),
                RecordSerde.of(Topics.REQUESTS).deserializer(),
                Topics.REQUESTS.name());
        topology.addProcessor(PROCESSOR, () -> new UsageProcessor(STORE, properties, splitter, counters), SOURCE);
        topology.addStateStore(store(), PROCESSOR);
        topology.addSink(
                SINK,
                Topics.USAGE.name(),
                new StringSerializer(),
                RecordSerde.of(Topics.USAGE).serializer(),
                PROCESSOR);
        return topology;
    }

    /** In memory, because retention bounds it; cached, so that a commit writes each page once. */
    private static StoreBuilder<KeyValueStore<String, UsagePage>> store() {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.String(), new UsagePageSerde())
                .withCachingEnabled();
    }
}
