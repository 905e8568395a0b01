package dev.sluice.standalone.supervise;

import java.time.Duration;

/**
 * How long to wait before a dead service is started again: doubling from the first delay up to the ceiling; a service
 * that stayed ready for a while starts from the first delay again.
 */
public record RestartPolicy(Duration firstDelay, Duration ceiling, Duration stableAfter) {

    /** One second is enough for a port to be released; half a minute keeps a broken service from eating the machine. */
    public static final RestartPolicy STANDARD =
            new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

    public RestartPolicy {
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw new IllegalArgumentException("firstDelay must be positive: " + firstDelay);
        }
        if (ceiling.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("ceiling must not be below firstDelay: " + ceiling);
        }
    }

    /** The delay before the restart that follows this many failures in a row (1 for the first). */
    public Duration delayAfter(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures must be at least 1: " + failures);
        }
        // 2^30 seconds are beyond any ceiling; more doublings would overflow.
        Duration doubled = firstDelay.multipliedBy(1L << Math.min(failures - 1, 30));
        return doubled.compareTo(ceiling) < 0 ? doubled : ceiling;
    }

    public boolean isStable(Duration readyFor) {
        return readyFor.compareTo(stableAfter) >= 0;
    }
}
