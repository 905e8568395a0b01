package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology on a test driver, with a clock of its own: tests of meaning, not of brokers. */
public final class TopologyHarness implements AutoCloseable {
    public static final TopologyProperties PROPERTIES = with(200);

    static final Ladder<CacheTally> LADDER = CacheStatsTopology.ladderOf(PROPERTIES);

    static final List<String> TENANTS = List.of("acme", "acme2", "other", "zeta");

    final FakeClock clock = FakeClock.fixed();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> reads;
    private final TestOutputTopic<String, Rollup> rollups;
    private final TestOutputTopic<byte[], byte[]> poison;

    TopologyHarness() {
        this(PROPERTIES);
    }

    TopologyHarness(TopologyProperties properties) {
        AggregationCounters counters = new AggregationCounters(meters);
        Properties config = new Properties();
        config.putAll(CacheStatsTopology.streamsProperties(counters));
        // With transactions the test driver forgets what the decoding handler sends before the next record is counted.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // A cache would still have what has fallen out of a store.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "topology-test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        driver = new TopologyTestDriver(
                new CacheStatsTopology(properties, clock, counters).build(), config, clock.instant());
        reads = driver.createInputTopic(
                Topics.CACHE_READS.name(), new ByteArraySerializer(), new ByteArraySerializer());
        rollups = driver.createOutputTopic(
                Topics.ROLLUPS.name(),
                new StringDeserializer(),
                RecordSerde.of(Topics.ROLLUPS).deserializer());
        poison = driver.createOutputTopic(
                Topics.CACHE_READS.poisonName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Instant now() {
        return clock.instant();
    }

    void publish(CacheReadBatch batch) {
        publishRaw(RecordSerde.of(Topics.CACHE_READS).serializer().serialize(Topics.CACHE_READS.name(), batch));
    }

    void publishRaw(byte @Nullable [] value) {
        reads.pipeInput(new TestRecord<>(new byte[] {1, 2}, value, clock.instant()));
    }

    void pass(Duration time) {
        clock.advance(time);
        driver.advanceWallClockTime(time);
    }

    Map<String, Rollup> newRollups() {
        return rollups.readKeyValuesToMap();
    }

    List<TestRecord<byte[], byte[]>> newPoison() {
        return poison.readRecordsToList();
    }

    double metered(String name) {
        return meters.get(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Everything stored, by dimension and start of minute. */
    Map<CacheDimension, Map<Instant, CacheTally>> stored() {
        return stored(Level.MINUTE);
    }

    /** Everything stored, by dimension and start of window, as queries are answered. */
    Map<CacheDimension, Map<Instant, CacheTally>> stored(Duration window) {
        Map<CacheDimension, Map<Instant, CacheTally>> stored = new HashMap<>();
        LadderReader<CacheTally> reader =
                new LadderReader<>(LADDER, (store, partition) -> driver.getWindowStore(store));
        for (String tenant : TENANTS) {
            Selection all = new Selection(CacheDimension.rangeOf(tenant), Instant.EPOCH, now().plus(Level.DAY));
            reader.read(
                    0,
                    LADDER.levelOf(window),
                    all,
                    (key, start, tally) -> stored.computeIfAbsent(
                                    CacheDimension.ofStoreKey(key), dimension -> new HashMap<>())
                            .computeIfAbsent(Instant.ofEpochMilli(start), absent -> new CacheTally())
                            .merge(tally));
        }
        return stored;
    }

    /** What was counted in all from the start of a minute on, as totals are answered. */
    Map<CacheDimension, CacheTally> sum(Instant from) {
        Map<CacheDimension, CacheTally> sums = new HashMap<>();
        LadderReader<CacheTally> reader =
                new LadderReader<>(LADDER, (store, partition) -> driver.getWindowStore(store));
        for (String tenant : TENANTS) {
            reader.readSum(
                    0,
                    new Selection(CacheDimension.rangeOf(tenant), from, now().plus(Level.MINUTE)),
                    (key, start, tally) -> sums.computeIfAbsent(
                                    CacheDimension.ofStoreKey(key), absent -> new CacheTally())
                            .merge(tally));
        }
        return sums;
    }

    public static TopologyProperties with(int patternsPerTenant) {
        return with(patternsPerTenant, 2_000);
    }

    static TopologyProperties with(int patternsPerTenant, int patternsInAll) {
        return new TopologyProperties(
                Duration.ofMinutes(5),
                Duration.ofHours(25),
                Duration.ofDays(30),
                Duration.ofDays(400),
                Duration.ofMinutes(1),
                patternsPerTenant,
                patternsInAll);
    }

    CacheTally storedTally(String tenant, String namespace, String pattern, Instant window) {
        return stored().getOrDefault(new CacheDimension(tenant, namespace, pattern), Map.of())
                .getOrDefault(window, new CacheTally());
    }

    @Override
    public void close() {
        driver.close();
    }
}
