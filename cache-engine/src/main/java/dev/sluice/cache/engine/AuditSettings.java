package dev.sluice.cache.engine;

import java.time.Duration;

/**
 * How a node's copies are looked over.
 *
 * @param perSecond how many copies are held against the second level each second, at most {@link #MAX_PER_SECOND}; 0 for none
 * @param propagation how long a change may take to reach every node: what differs for longer is wrong
 */
public record AuditSettings(int perSecond, Duration propagation) {

    public static final int MAX_PER_SECOND = 1000;

    public AuditSettings {
        if (perSecond < 0 || perSecond > MAX_PER_SECOND) {
            throw new IllegalArgumentException("perSecond must be 0 to " + MAX_PER_SECOND);
        }
        if (!propagation.isPositive()) {
            throw new IllegalArgumentException("propagation must be positive");
        }
    }

    public static AuditSettings defaults() {
        return new AuditSettings(50, Duration.ofSeconds(3));
    }
}
