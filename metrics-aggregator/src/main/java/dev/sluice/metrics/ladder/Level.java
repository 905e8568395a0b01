package dev.sluice.metrics.ladder;

import java.time.Duration;

/**
 * Windows of one length.
 *
 * @param name how its store is called, after the ladder's own name
 * @param size length of a window
 * @param retention how long a window can be queried
 */
public record Level(String name, Duration size, Duration retention) {
    public static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    public static final Duration MINUTE = Duration.ofMinutes(1);
    public static final Duration HOUR = Duration.ofHours(1);
    public static final Duration DAY = Duration.ofDays(1);

    public Level {
        if (!size.isPositive()) {
            throw new IllegalArgumentException("size must be positive: " + size);
        }
        if (retention.compareTo(size) < 0) {
            throw new IllegalArgumentException("retention must be at least one window: " + retention);
        }
    }

    /** Start of the window that a time, not negative, falls into. */
    public long startOf(long epochMillis) {
        return epochMillis - epochMillis % size.toMillis();
    }
}
