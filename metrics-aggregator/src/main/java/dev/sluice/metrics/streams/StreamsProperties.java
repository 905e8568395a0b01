package dev.sluice.metrics.streams;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the topology is run.
 *
 * @param applicationId name of the consumer group and prefix of the changelog topics and transactions; a new one starts
 *     from the beginning of the log
 * @param stateDir folder of this instance alone, for its lock and its identity; the windows are in memory and in the
 *     changelog. By default a folder among the temporary files
 * @param threads stream threads; those beyond the partitions of the input are idle
 * @param standbyReplicas copies of the windows that other instances keep warm, where there are others; answers come from them while an
 *     instance cannot be asked
 * @param commitInterval how often counts become durable, and rollups visible
 * @param cacheSize heap that holds changed windows until the next commit
 * @param host name or address by which other instances reach this one, which they ask for the windows that it has. By default
 *     server.address, or this machine's address when the server listens on all
 */
@ConfigurationProperties("sluice.metrics")
public record StreamsProperties(
        @DefaultValue("sluice-metrics") String applicationId,
        @Nullable Path stateDir,
        @DefaultValue("1") int threads,
        @DefaultValue("1") int standbyReplicas,
        @DefaultValue("500ms") Duration commitInterval,
        @DefaultValue("8MB") DataSize cacheSize,
        @Nullable String host) {
    public StreamsProperties {
        require(!applicationId.isBlank(), "application-id must not be blank");
        require(threads >= 1, "threads must be at least 1: " + threads);
        require(standbyReplicas >= 0, "standby-replicas must not be negative: " + standbyReplicas);
        require(commitInterval.isPositive(), "commit-interval must be positive: " + commitInterval);
        require(!cacheSize.isNegative(), "cache-size must not be negative: " + cacheSize);
        if (stateDir == null) {
            stateDir = Path.of(System.getProperty("java.io.tmpdir"), "sluice", "metrics-aggregator");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.metrics." + message);
        }
    }
}
