package dev.sluice.metrics.topology;

import java.time.Duration;

/**
 * The windows reads are counted in. A window takes reads until stream time has passed its end by the grace; later ones
 * are late. Only stream time decides, never the wall clock, so that a replay after a crash decides the same, and an
 * aggregator that was away for an hour still counts what waited for it.
 *
 * @param size length of a window
 * @param grace how long a window stays open past its end
 * @param retention how long a window can be queried; at least the grace and one window
 */
public record CacheWindows(Duration size, Duration grace, Duration retention) {
    public CacheWindows {
        if (!size.isPositive()) {
            throw new IllegalArgumentException("size must be positive: " + size);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
        if (retention.compareTo(grace.plus(size)) < 0) {
            throw new IllegalArgumentException("retention must be at least grace and one window: " + retention);
        }
    }

    /** Start of the window that a time, not negative, falls into. */
    public long startOf(long epochMillis) {
        return epochMillis - epochMillis % size.toMillis();
    }

    boolean isClosed(long windowStart, long streamMillis) {
        return windowStart + size.toMillis() + grace.toMillis() <= streamMillis;
    }
}
