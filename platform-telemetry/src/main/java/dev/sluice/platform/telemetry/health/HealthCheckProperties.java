package dev.sluice.platform.telemetry.health;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The checks that a service makes of itself.
 *
 * @param pace how often all are made and reported; who is not heard of for three of these counts as silent
 * @param diskFolder whose disk is looked at. By default that of the temporary files
 * @param diskFree least that is free on it
 * @param heapUsed most of the heap that is in use after a collection, as a share
 * @param lagRecords most records that a group may be behind
 * @param lagStandstill how long a group may stand still with records before it
 */
@ConfigurationProperties("sluice.health-checks")
public record HealthCheckProperties(
        @DefaultValue("10s") Duration pace,
        @Nullable Path diskFolder,
        @DefaultValue("512MB") DataSize diskFree,
        @DefaultValue("0.95") double heapUsed,
        @DefaultValue("100000") long lagRecords,
        @DefaultValue("60s") Duration lagStandstill) {

    private static final Duration MIN_PACE = Duration.ofMillis(100);
    private static final Duration MAX_PACE = Duration.ofMinutes(1);

    public HealthCheckProperties {
        require(
                pace.compareTo(MIN_PACE) >= 0 && pace.compareTo(MAX_PACE) <= 0,
                "pace must be from 100ms to 1m: " + pace);
        require(!diskFree.isNegative(), "disk-free must not be negative: " + diskFree);
        require(heapUsed > 0 && heapUsed <= 1, "heap-used must be above 0 and at most 1: " + heapUsed);
        require(lagRecords >= 0, "lag-records must not be negative: " + lagRecords);
        require(lagStandstill.isPositive(), "lag-standstill must be positive: " + lagStandstill);
        if (diskFolder == null) {
            diskFolder = Path.of(System.getProperty("java.io.tmpdir"));
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.health-checks." + message);
        }
    }
}
