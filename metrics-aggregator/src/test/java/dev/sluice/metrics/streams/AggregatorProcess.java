package dev.sluice.metrics.streams;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.traffic.RouteStatsTopology;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.metrics.usage.UsageTopology;
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
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.util.unit.DataSize;

/** The aggregator without its HTTP side: in this JVM, or in one of its own that can be killed for real. */
public final class AggregatorProcess {
    private static final HostInfo NOBODY_ASKS = new HostInfo("127.0.0.1", 1);

    private AggregatorProcess() {}

    public static void main(String[] args) {
        newRunner(args[0], args[1], Path.of(args[2])).start();
        new java.util.concurrent.Semaphore(0).acquireUninterruptibly();
    }

    /** A JVM that aggregates until it is killed. */
    static Process start(String bootstrapServers, String applicationId, Path stateDir) {
        try {
            return new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            AggregatorProcess.class.getName(),
                            bootstrapServers,
                            applicationId,
                            stateDir.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(new File(stateDir.toFile(), "aggregator.log"))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StreamsRunner newRunner(String bootstrapServers, String applicationId, Path stateDir) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AggregationCounters counters = new AggregationCounters(registry);
        TopologyProperties topology = TopologyHarness.PROPERTIES;
        Properties settings = StreamsSettings.of(
                newClients(bootstrapServers),
                new StreamsProperties(
                        applicationId, stateDir, 1, 0, Duration.ofMillis(100), DataSize.ofMegabytes(8), null),
                CacheStatsTopology.streamsProperties(counters));
        return new StreamsRunner(
                () -> CompletableFuture.completedFuture(null),
                () -> new RunningStreams(
                        new KafkaStreams(newTopology(topology, counters), StreamsSettings.at(NOBODY_ASKS, settings)),
                        NOBODY_ASKS,
                        registry),
                Clock.systemUTC());
    }

    private static Topology newTopology(TopologyProperties properties, AggregationCounters counters) {
        UsageProperties kept = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));
        UsageTopology usage = new UsageTopology(kept, properties.eventTime(), Clock.systemUTC(), counters);
        Topology cache = new CacheStatsTopology(properties, Clock.systemUTC(), counters).build();
        return new RouteStatsTopology(properties, counters).addTo(usage.addTo(cache), UsageTopology.SOURCE);
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
