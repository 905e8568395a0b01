package dev.sluice.cache.engine;

import java.time.Duration;

/**
 * How long a read waits for its loader.
 *
 * @param soft after it a stale value is answered, if there is one; the load goes on
 * @param hard after it the load has failed
 */
public record LoadPatience(Duration soft, Duration hard) {

    public LoadPatience {
        if (!soft.isPositive()) {
            throw new IllegalArgumentException("soft must be positive");
        }
        if (hard.compareTo(soft) < 0) {
            throw new IllegalArgumentException("hard must not be shorter than soft");
        }
    }

    public static LoadPatience defaults() {
        return new LoadPatience(Duration.ofMillis(200), Duration.ofSeconds(5));
    }
}
