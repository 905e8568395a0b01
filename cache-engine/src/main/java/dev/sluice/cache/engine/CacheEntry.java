package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * A value as it was stored. The version grows with every change of its key and never repeats; instants are on the clock
 * of this node, whatever clock the second level has.
 *
 * @param cost what it took to make the value, zero when nobody knows
 */
public record CacheEntry(CacheValue value, long version, Instant storedAt, Lifetime lifetime, Duration cost) {

    public CacheEntry {
        if (version <= 0) {
            throw new IllegalArgumentException("version must be positive");
        }
        if (cost.isNegative()) {
            throw new IllegalArgumentException("cost must not be negative");
        }
    }

    /** When it stops being fresh. */
    public Instant expiresAt() {
        return storedAt.plus(lifetime.fresh());
    }

    /** Until when it may be served at all, fresh or stale. */
    Instant endsAt() {
        return storedAt.plus(lifetime.whole());
    }

    /** Never negative: clocks of other nodes may differ. */
    Duration age(Instant now) {
        Duration age = Duration.between(storedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
