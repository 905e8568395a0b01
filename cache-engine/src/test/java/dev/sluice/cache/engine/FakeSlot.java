package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lies under a key of a {@link FakeSecondLevel}: a value or, without one, a tombstone. */
record FakeSlot(
        @Nullable CacheValue value,
        long version,
        long start,
        Instant storedAt,
        Instant endsAt,
        Lifetime lifetime,
        long costMicros,
        long lease,
        Instant leasedUntil) {

    static FakeSlot of(CacheValue value, long version, long start, Instant now, Lifetime lifetime, long costMicros) {
        Instant end = end(now, now, lifetime);
        return new FakeSlot(value, version, start, now, end, lifetime, costMicros, 0, Instant.EPOCH);
    }

    private static Instant end(Instant storedAt, Instant read, Lifetime lifetime) {
        Instant whole = storedAt.plus(lifetime.whole());
        Instant idle = read.plus(lifetime.idleBound());
        return lifetime.endsIdle() && idle.isBefore(whole) ? idle : whole;
    }

    FakeSlot touched(Instant now) {
        if (!lifetime.endsIdle()
                || !endsAt.isBefore(
                        now.plus(lifetime.idle().plus(lifetime.idleBound()).dividedBy(2)))) {
            return this;
        }
        Instant end = end(storedAt, now, lifetime);
        return new FakeSlot(value, version, start, storedAt, end, lifetime, costMicros, lease, leasedUntil);
    }

    static FakeSlot tombstone(long version, Instant now) {
        Lifetime lifetime = Lifetime.of(FakeSecondLevel.TOMBSTONE_LIFE);
        return new FakeSlot(
                null, version, version, now, now.plus(FakeSecondLevel.TOMBSTONE_LIFE), lifetime, 0, 0, Instant.EPOCH);
    }

    FakeSlot leased(long token, Instant until) {
        return new FakeSlot(value, version, start, storedAt, endsAt, lifetime, costMicros, token, until);
    }

    FakeSlot carriedOut(CacheKey key, Epochs known) {
        if (value == null) {
            return this;
        }
        CacheEntry entry = new CacheEntry(value, version, start, storedAt, lifetime, Duration.ZERO);
        Optional<CacheEntry> judged = known.judge(key, entry);
        if (judged.isEmpty()) {
            return new FakeSlot(null, version, start, storedAt, endsAt, lifetime, 0, lease, leasedUntil);
        }
        Lifetime cut = judged.get().lifetime();
        Instant end = storedAt.plus(cut.whole());
        Instant sooner = endsAt.isBefore(end) ? endsAt : end;
        return new FakeSlot(value, version, start, storedAt, sooner, cut, costMicros, lease, leasedUntil);
    }

    Optional<SecondLevel.Fetched> fetched(Instant now, long lastPurge) {
        return Optional.ofNullable(value)
                .map(found -> new SecondLevel.Fetched(
                        found,
                        version,
                        start,
                        Duration.between(storedAt, now),
                        lifetime,
                        Duration.of(costMicros, ChronoUnit.MICROS),
                        lastPurge,
                        Duration.between(now, endsAt)));
    }
}
