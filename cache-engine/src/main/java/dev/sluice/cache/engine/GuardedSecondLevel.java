package dev.sluice.cache.engine;

import dev.sluice.cache.engine.CacheStatistics.SecondLevelState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A second level whose calls are guarded: see {@link CallGuard}. */
final class GuardedSecondLevel implements SecondLevel {

    private final SecondLevel level;
    private final CallGuard guard;

    GuardedSecondLevel(SecondLevel level, CallGuard guard) {
        this.level = level;
        this.guard = guard;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return guard.guarded(() -> level.fetch(key));
    }

    @Override
    public int mostAtOnce() {
        return level.mostAtOnce();
    }

    /** Counts as one call. */
    @Override
    public Mono<Map<CacheKey, Optional<Fetched>>> fetchAll(List<CacheKey> keys) {
        return guard.guarded(() -> level.fetchAll(keys));
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return guard.guarded(() -> level.stamp(key));
    }

    @Override
    public Mono<Written> put(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience) {
        return guard.guarded(() -> level.put(key, value, lifetime, condition, guard.orLess(patience)));
    }

    /** Counts as one call. */
    @Override
    public Mono<List<PutOutcome>> putAll(List<PutRequest> puts, Duration patience) {
        return guard.guarded(() -> level.putAll(puts, guard.orLess(patience)));
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return guard.guarded(() -> level.delete(key, condition));
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return guard.guarded(() -> level.lease(key, seenVersion, life));
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return guard.guarded(() -> level.release(key, token));
    }

    @Override
    public Mono<Duration> touch(CacheKey key, long version) {
        return guard.guarded(() -> level.touch(key, version));
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return guard.guarded(() -> level.purge(purge));
    }

    @Override
    public Mono<Purges> purges(String tenant) {
        return guard.guarded(() -> level.purges(tenant));
    }

    @Override
    public Mono<Boolean> sweep(CacheKey key, long version, long epoch) {
        return guard.guarded(() -> level.sweep(key, version, epoch));
    }

    Breaker.State state() {
        return guard.state();
    }

    /** As {@link CallGuard#isFailing}. */
    boolean isFailing() {
        return guard.isFailing();
    }

    /** As {@link CallGuard#onRecovery}. */
    void onRecovery(Runnable task) {
        guard.onRecovery(task);
    }

    SecondLevelState asked() {
        return switch (guard.state()) {
            case CLOSED -> SecondLevelState.ASKED;
            case HALF_OPEN -> SecondLevelState.TRIED;
            case OPEN -> SecondLevelState.LEFT_ALONE;
        };
    }
}
