package dev.sluice.metrics.topology;

import java.time.Duration;

/**
 * Which time a record counts for. A clock that runs ahead, or a lie, must not move stream time: everything behind it
 * would be late. So a time further ahead than the tolerance becomes now, and one before 1970 becomes the time the
 * partition has reached. Old times stay: they are late, and late is counted.
 *
 * @param tolerance how far ahead a producer's clock may run
 */
public record EventTime(Duration tolerance) {
    public EventTime {
        if (tolerance.isNegative()) {
            throw new IllegalArgumentException("tolerance must not be negative: " + tolerance);
        }
    }

    /**
     * The time to go by; never negative.
     *
     * @param partitionMillis largest time seen in the partition; negative when there is none yet
     */
    public long clampMillis(long claimedMillis, long nowMillis, long partitionMillis) {
        if (claimedMillis < 0) {
            return partitionMillis >= 0 ? partitionMillis : nowMillis;
        }
        return claimedMillis > nowMillis + tolerance.toMillis() ? nowMillis : claimedMillis;
    }
}
