package dev.sluice.metrics.traffic;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.RequestBatch;
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
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** Both counts of requests on a test driver, with a clock of its own: tests of meaning, not of brokers. */
final class RouteHarness implements AutoCloseable {
    static final Ladder<RouteTally> LADDER = RouteStatsTopology.ladderOf(TopologyHarness.PROPERTIES);

    final FakeClock clock = FakeClock.fixed();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> requests;
    private final TestOutputTopic<String, Rollup> rollups;
    private final TestOutputTopic<byte[], byte[]> poison;

    RouteHarness(TopologyProperties properties) {
        AggregationCounters counters = new AggregationCounters(meters);
        Properties config = new Properties();
        config.putAll(CacheStatsTopology.streamsProperties(counters));
        // With transactions the test driver forgets what the decoding handler sends before the next record is counted.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "route-test");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        UsageProperties kept = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));
        Topology usage = new UsageTopology(kept, properties.eventTime(), clock, counters).addTo(new Topology());
        driver = new TopologyTestDriver(
                new RouteStatsTopology(properties, counters).addTo(usage, UsageTopology.SOURCE),
                config,
                clock.instant());
        requests =
                driver.createInputTopic(Topics.REQUESTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
        rollups = driver.createOutputTopic(
                Topics.ROLLUPS.name(),
                new StringDeserializer(),
                RecordSerde.of(Topics.ROLLUPS).deserializer());
        poison = driver.createOutputTopic(
                Topics.REQUESTS.poisonName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Instant now() {
        return clock.instant();
    }

    void publish(RequestBatch batch) {
        byte[] value = RecordSerde.of(Topics.REQUESTS).serializer().serialize(Topics.REQUESTS.name(), batch);
        requests.pipeInput(new TestRecord<>(new byte[] {1, 2}, value, clock.instant()));
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

    /** Everything stored of some tenants, by route and start of window, as queries are answered. */
    Map<NamedDimension, Map<Instant, RouteTally>> stored(List<String> tenants, Duration window) {
        Map<NamedDimension, Map<Instant, RouteTally>> stored = new HashMap<>();
        LadderReader<RouteTally> reader =
                new LadderReader<>(LADDER, (store, partition) -> driver.getWindowStore(store));
        for (String tenant : tenants) {
            Selection all = new Selection(NamedDimension.rangeOf(tenant), Instant.EPOCH, now().plus(Level.DAY));
            reader.read(
                    0,
                    LADDER.levelOf(window),
                    all,
                    (key, start, tally) -> stored.computeIfAbsent(
                                    NamedDimension.ofStoreKey(key), absent -> new HashMap<>())
                            .computeIfAbsent(Instant.ofEpochMilli(start), absent -> new RouteTally())
                            .merge(tally));
        }
        return stored;
    }

    @Override
    public void close() {
        driver.close();
    }
}
