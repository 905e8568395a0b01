package dev.sluice.metrics.fact;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.Rollup;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** One count of one topic on a test driver, with a clock of its own: tests of meaning, not of brokers. */
public final class FactHarness<V extends SpecificRecord, T extends Tally<T>> implements AutoCloseable {
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeClock clock = FakeClock.fixed();
    private final TopicDescriptor<V> topic;
    private final Ladder<T> ladder;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> records;
    private final TestOutputTopic<String, Rollup> rollups;
    private final TestOutputTopic<byte[], byte[]> poison;

    /** Makes what is to be tested. */
    public interface Maker {
        Topology make(InstantSource clock, AggregationCounters counters);
    }

    public FactHarness(TopicDescriptor<V> topic, Ladder<T> ladder, Maker maker) {
        this.topic = topic;
        this.ladder = ladder;
        AggregationCounters counters = new AggregationCounters(meters);
        Properties config = new Properties();
        config.putAll(CacheStatsTopology.streamsProperties(counters));
        // With transactions the test driver forgets what the decoding handler sends before the next record is counted.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // A cache would still have what has fallen out of a store.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "fact-test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        driver = new TopologyTestDriver(maker.make(clock, counters), config, clock.instant());
        records = driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
        rollups = driver.createOutputTopic(
                Topics.ROLLUPS.name(),
                new StringDeserializer(),
                RecordSerde.of(Topics.ROLLUPS).deserializer());
        poison = driver.createOutputTopic(topic.poisonName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Instant now() {
        return clock.instant();
    }

    public void publish(V record) {
        publishRaw(RecordSerde.of(topic).serializer().serialize(topic.name(), record));
    }

    public void publishRaw(byte @Nullable [] value) {
        records.pipeInput(new TestRecord<>(new byte[] {1, 2}, value, clock.instant()));
    }

    public void pass(Duration time) {
        clock.advance(time);
        driver.advanceWallClockTime(time);
    }

    public Map<String, Rollup> newRollups() {
        return rollups.readKeyValuesToMap();
    }

    public List<TestRecord<byte[], byte[]>> newPoison() {
        return poison.readRecordsToList();
    }

    /** Everything stored of a tenant, by name and start of window, as queries are answered. */
    public Map<String, Map<Instant, T>> stored(String tenant, Duration window) {
        return stored(tenant, window, store -> {});
    }

    /** As above, with something that happens whenever a store is looked into. */
    public Map<String, Map<Instant, T>> stored(String tenant, Duration window, Consumer<String> before) {
        Map<String, Map<Instant, T>> stored = new HashMap<>();
        LadderReader<T> reader = new LadderReader<>(ladder, (store, partition) -> {
            before.accept(store);
            return driver.getWindowStore(store);
        });
        Selection all = new Selection(NamedDimension.rangeOf(tenant), Instant.EPOCH, now().plus(Level.DAY));
        reader.read(
                0,
                ladder.levelOf(window),
                all,
                (key, start, tally) -> stored.computeIfAbsent(
                                NamedDimension.ofStoreKey(key).name(), absent -> new HashMap<>())
                        .computeIfAbsent(
                                Instant.ofEpochMilli(start),
                                absent -> ladder.kind().empty().get())
                        .merge(tally));
        return stored;
    }

    /** Reads what is stored; of one partition, 0. */
    public LadderReader<T> reader() {
        return new LadderReader<>(ladder, (store, partition) -> driver.getWindowStore(store));
    }

    @Override
    public void close() {
        driver.close();
    }
}
