package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ConditionFailedException;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.Lease;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.QuotaExceededException;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.TooManyPurgesException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A shared level in memory that can be away. */
final class FakeSecondLevel implements SecondLevel {
    /** Fewer than the real one takes, so that a test can go beyond. */
    private static final int MAX_SCOPES = 50;

    private final InstantSource clock;
    private final Map<CacheKey, Slot> slots = new ConcurrentHashMap<>();
    private final Map<CacheKey, Long> leases = new ConcurrentHashMap<>();
    private final Map<String, List<Epoch>> epochs = new ConcurrentHashMap<>();
    private final Map<String, Long> lastEpochs = new ConcurrentHashMap<>();
    private long version = 1_000;
    private volatile boolean away;
    private volatile @Nullable QuotaExceededException full;

    FakeSecondLevel(InstantSource clock) {
        this.clock = clock;
    }

    void leave() {
        away = true;
    }

    void comeBack() {
        away = false;
        full = null;
    }

    /** Puts find no room from now on. */
    void fill(QuotaExceededException refusal) {
        full = refusal;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return unlessAway(() -> Mono.justOrEmpty(read(key))
                .map(slot -> new Fetched(
                        slot.value,
                        slot.version,
                        slot.start,
                        Duration.between(slot.storedAt, clock.instant()),
                        slot.lifetime,
                        Duration.ZERO,
                        lastEpochs.getOrDefault(key.tenant(), 0L))));
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return unlessAway(() -> Mono.justOrEmpty(slots.get(key)).map(slot -> new Stamp(slot.version, true)));
    }

    @Override
    public Mono<Written> put(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience) {
        return unlessAway(() -> {
            boolean existed = require(key, condition).isPresent();
            QuotaExceededException refusal = full;
            if (refusal != null) {
                return Mono.error(refusal);
            }
            long start = condition instanceof Condition.Leased ? leases.getOrDefault(key, 0L) : version + 1;
            slots.put(key, new Slot(value, ++version, start, clock.instant(), lifetime, clock.instant()));
            leases.remove(key);
            return Mono.just(new Written(version, !existed));
        });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return unlessAway(() -> {
            boolean existed = require(key, condition).isPresent();
            slots.remove(key);
            leases.remove(key);
            return Mono.just(new DeleteResult(existed, ++version));
        });
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return unlessAway(() -> {
            Slot slot = slots.get(key);
            if (slot != null && slot.version != seenVersion) {
                return Mono.just(new Lease.Changed());
            }
            return leases.putIfAbsent(key, ++version) == null
                    ? Mono.just(new Lease.Granted(version))
                    : Mono.just(new Lease.Held(life));
        });
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return unlessAway(() -> Mono.just(leases.remove(key, token)));
    }

    @Override
    public Mono<Duration> touch(CacheKey key, long touchedVersion) {
        return unlessAway(() -> Mono.justOrEmpty(read(key))
                .filter(slot -> slot.version == touchedVersion)
                .map(slot -> slot.lifetime.idleBound()));
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return unlessAway(() -> {
            if (purge.scopes().size() > MAX_SCOPES) {
                return Mono.error(new TooManyPurgesException());
            }
            long number = ++version;
            purge.scopes()
                    .forEach(scope -> epochs.computeIfAbsent(purge.tenant(), ignored -> new CopyOnWriteArrayList<>())
                            .add(new Epoch(purge.tenant(), purge.namespace(), scope, purge.soft(), number)));
            lastEpochs.put(purge.tenant(), number);
            return Mono.just(number);
        });
    }

    @Override
    public Mono<Purges> purges(String tenant) {
        return unlessAway(() ->
                Mono.just(new Purges(epochs.getOrDefault(tenant, List.of()), lastEpochs.getOrDefault(tenant, 0L))));
    }

    @Override
    public Mono<Boolean> sweep(CacheKey key, long sweptVersion, long epoch) {
        return unlessAway(() -> {
            Slot slot = slots.get(key);
            return Mono.just(slot != null && slot.version == sweptVersion && slots.remove(key, slot));
        });
    }

    /** What ends idle ends at its bound here. */
    private @Nullable Slot read(CacheKey key) {
        return slots.computeIfPresent(
                key, (ignored, slot) -> slot.isIdle(clock.instant()) ? null : slot.readAt(clock.instant()));
    }

    private <T> Mono<T> unlessAway(Supplier<Mono<T>> act) {
        return Mono.defer(() -> away ? Mono.error(new IllegalStateException("away")) : act.get());
    }

    private OptionalLong require(CacheKey key, Condition condition) {
        Slot slot = slots.get(key);
        OptionalLong current =
                slot == null || slot.value.isAbsence() ? OptionalLong.empty() : OptionalLong.of(slot.version);
        if (!condition.holds(current, leases.getOrDefault(key, 0L))) {
            throw new ConditionFailedException(current);
        }
        return current;
    }

    private record Slot(
            CacheValue value, long version, long start, Instant storedAt, Lifetime lifetime, Instant lastRead) {

        boolean isIdle(Instant now) {
            return lifetime.endsIdle() && !now.isBefore(lastRead.plus(lifetime.idleBound()));
        }

        Slot readAt(Instant now) {
            return new Slot(value, version, start, storedAt, lifetime, now);
        }
    }
}
