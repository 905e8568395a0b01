package dev.sluice.metrics.streams;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.util.unit.DataSize;

/** The aggregator without its HTTP side: in this JVM, or in one of its own that can be killed for real. */
public final class AggregatorProcess {
    private static final HostInfo NOBODY_ASKS = new HostInfo("127.0.0.1", 1);

    /** To try another protocol of rebalances by hand, {@code streams}; empty for what the aggregator does. */
    private static final String PROTOCOL = System.getProperty("protocol", "");

    static final UsageProperties KEPT = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));

    private AggregatorProcess() {}

    public static void main(String[] args) {
        newRunner(args[0], args[1], Path.of(args[2]), Promise.valueOf(args[3])).start();
        new java.util.concurrent.Semaphore(0).acquireUninterruptibly();
    }

    /** What a crash may do to counts. */
    enum Promise {
        /** Nothing. */
        EXACTLY_ONCE,
        /**
         * Counts go into the changelog at once, and how far they are is told long after: what was counted in between is counted again. So broken
         * is nothing that is delivered; it is what tests of exact counts have to find.
         */
        AT_LEAST_ONCE
    }

    /** A JVM that aggregates until it is killed. */
    static Process start(String bootstrapServers, String applicationId, Path stateDir) {
        return start(bootstrapServers, applicationId, stateDir, Promise.EXACTLY_ONCE);
    }

    static Process start(String bootstrapServers, String applicationId, Path stateDir, Promise promise) {
        try {
            return new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dprotocol=" + PROTOCOL,
                            "-cp",
                            System.getProperty("java.class.path"),
                            AggregatorProcess.class.getName(),
                            bootstrapServers,
                            applicationId,
                            stateDir.toString(),
                            promise.name()))
                    .redirectErrorStream(true)
                    .redirectOutput(new File(stateDir.toFile(), "aggregator.log"))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StreamsRunner newRunner(String bootstrapServers, String applicationId, Path stateDir) {
        return newRunner(bootstrapServers, applicationId, stateDir, Promise.EXACTLY_ONCE);
    }

    private static StreamsRunner newRunner(
            String bootstrapServers, String applicationId, Path stateDir, Promise promise) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AggregationCounters counters = new AggregationCounters(registry);
        TopologyProperties topology = TopologyHarness.PROPERTIES;
        Properties settings = StreamsSettings.of(
                newClients(bootstrapServers),
                new StreamsProperties(
                        applicationId, stateDir, 1, 0, Duration.ofMillis(100), DataSize.ofMegabytes(8), null),
                CacheStatsTopology.streamsProperties(counters));
        if (!PROTOCOL.isEmpty()) {
            settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, PROTOCOL);
            // The broker says these for such a group.
            settings.remove(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG));
            settings.remove(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG));
        }
        if (promise == Promise.AT_LEAST_ONCE) {
            settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
            settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
            settings.put(
                    StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                    Duration.ofMinutes(10).toMillis());
        }
        return new StreamsRunner(
                () -> CompletableFuture.completedFuture(null),
                () -> new RunningStreams(
                        new KafkaStreams(
                                AggregatorTopology.of(topology, KEPT, Clock.systemUTC(), counters),
                                StreamsSettings.at(NOBODY_ASKS, settings)),
                        NOBODY_ASKS,
                        registry),
                Clock.systemUTC());
    }

    /** A killed member is missed after six seconds, the least that a broker allows. */
    static KafkaClients newClients(String bootstrapServers) {
        return new KafkaClients(
                Map.of("bootstrap.servers", bootstrapServers),
                Map.of(),
                Map.of("session.timeout.ms", "6000", "heartbeat.interval.ms", "1000"),
                new PlatformKafkaProperties(
                        (short) 1,
                        1,
                        null,
                        true,
                        DataSize.ofMegabytes(1),
                        10_000,
                        DataSize.ofMegabytes(32),
                        Duration.ofSeconds(5)));
    }
}
