package dev.sluice.metrics.usage;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.EventTime;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Usage;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology on a test driver, with a clock of its own: tests of meaning, not of brokers. */
public final class UsageHarness implements AutoCloseable {
    static final UsageProperties PROPERTIES = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));

    final FakeClock clock = FakeClock.fixed();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> requests;
    private final TestOutputTopic<String, Usage> usage;
    private final TestOutputTopic<byte[], byte[]> poison;

    public UsageHarness() {
        AggregationCounters counters = new AggregationCounters(meters);
        Properties config = new Properties();
        config.putAll(CacheStatsTopology.streamsProperties(counters));
        // With transactions the test driver forgets what the decoding handler sends before the next record is counted.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "usage-test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        EventTime eventTime = new EventTime(Duration.ofMinutes(1));
        driver = new TopologyTestDriver(
                new UsageTopology(PROPERTIES, eventTime, clock, counters).addTo(new Topology()),
                config,
                clock.instant());
        requests =
                driver.createInputTopic(Topics.REQUESTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
        usage = driver.createOutputTopic(
                Topics.USAGE.name(),
                new StringDeserializer(),
                RecordSerde.of(Topics.USAGE).deserializer());
        poison = driver.createOutputTopic(
                Topics.REQUESTS.poisonName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Instant now() {
        return clock.instant();
    }

    public void publish(RequestBatch batch) {
        publishRaw(RecordSerde.of(Topics.REQUESTS).serializer().serialize(Topics.REQUESTS.name(), batch));
    }

    void publishRaw(byte @Nullable [] value) {
        requests.pipeInput(new TestRecord<>(new byte[] {1, 2}, value, clock.instant()));
    }

    public void pass(Duration time) {
        clock.advance(time);
        driver.advanceWallClockTime(time);
    }

    /** What was sent since the last call; the newest of each key. */
    Map<String, Usage> newUsage() {
        return new HashMap<>(usage.readKeyValuesToMap());
    }

    long newRecords() {
        return usage.readRecordsToList().size();
    }

    List<TestRecord<byte[], byte[]>> newPoison() {
        return poison.readRecordsToList();
    }

    double metered(String name) {
        return meters.get(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    KeyValueStore<String, UsagePage> store() {
        return driver.getKeyValueStore(UsageTopology.STORE);
    }

    public UsageReader reader() {
        return new UsageReader(partition -> store());
    }

    /** All that is stored, as the oracle names it. */
    Map<String, UsageTally> stored(UsageScale scale) {
        Map<String, UsageTally> stored = new TreeMap<>();
        try (var pages = store().all()) {
            while (pages.hasNext()) {
                KeyValue<String, UsagePage> page = pages.next();
                UsageKey key = UsageKey.ofStoreKey(page.key);
                if (key.scale() == scale) {
                    page.value
                            .slots()
                            .forEach((slot, tally) -> stored.put(
                                    UsageOracle.name(
                                            key.tenant(), key.keyId(), key.group(), scale.startOf(key.page(), slot)),
                                    tally));
                }
            }
        }
        return stored;
    }

    @Override
    public void close() {
        driver.close();
    }
}
