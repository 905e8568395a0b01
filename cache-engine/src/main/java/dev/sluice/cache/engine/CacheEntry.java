package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A value as it was stored. The version grows with every change of its key and never repeats; instants are on the clock
 * of this node, whatever clock the second level has.
 *
 * @param start when the making of the value began, as a version: of its lease, or its own when there was none. A purge covers
 *     all that was begun before it
 * @param cost what it took to make the value, zero when nobody knows
 */
public record CacheEntry(
        CacheValue value, long version, long start, Instant storedAt, Lifetime lifetime, Duration cost) {

    public CacheEntry {
        if (version <= 0) {
            throw new IllegalArgumentException("version must be positive");
        }
        if (start <= 0 || start > version) {
            throw new IllegalArgumentException("start must be positive and not behind the version");
        }
        if (cost.isNegative()) {
            throw new IllegalArgumentException("cost must not be negative");
        }
    }

    /** One that was made without a lease. */
    public CacheEntry(CacheValue value, long version, Instant storedAt, Lifetime lifetime, Duration cost) {
        this(value, version, version, storedAt, lifetime, cost);
    }

    /** The same, stale since an epoch. Versions and epochs are about times, so no clocks are compared. */
    CacheEntry staleSince(long epoch) {
        Duration until = Duration.of(Math.max(0, epoch - version), ChronoUnit.MICROS);
        Lifetime cut = lifetime.cutTo(until);
        return cut.equals(lifetime) ? this : new CacheEntry(value, version, start, storedAt, cut, cost);
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
