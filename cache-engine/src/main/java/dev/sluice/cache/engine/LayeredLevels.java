package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Fetched;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import reactor.core.publisher.Mono;

/**
 * A first level before a second. A change is made in the second level first, then on this node, and only then answered.
 * Changes run to their end even when the caller leaves: half a change would leave an old copy behind.
 */
final class LayeredLevels implements Levels {

    private final FirstLevel first;
    private final SecondLevel second;
    private final InstantSource clock;
    private final SingleFlight flights;

    LayeredLevels(FirstLevel first, SecondLevel second, InstantSource clock) {
        this.first = first;
        this.second = second;
        this.clock = clock;
        flights = new SingleFlight(first.guard());
    }

    @Override
    public Mono<ReadResult> read(CacheKey key) {
        return flights.join(key, token -> fetch(key, token));
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return Mono.defer(() -> {
            long token = first.guard().token(key);
            Instant start = now();
            return second.put(key, value, lifetime, condition)
                    .map(written -> {
                        Duration cost = condition instanceof Condition.Leased lease
                                ? lease.cost(written.version())
                                : Duration.ZERO;
                        CacheEntry entry = new CacheEntry(value, written.version(), start, lifetime, cost);
                        first.write(key, entry, token);
                        return new PutResult(entry, written.created());
                    })
                    .doOnError(error -> afterFailure(key, error))
                    .cache();
        });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return Mono.defer(() -> second.delete(key, condition)
                .doOnNext(deleted -> first.invalidate(key, deleted.version()))
                .doOnError(error -> afterFailure(key, error))
                .cache());
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return second.lease(key, seenVersion, life);
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return second.release(key, token);
    }

    @Override
    public void invalidate(CacheKey key, long version) {
        first.invalidate(key, version);
    }

    @Override
    public void suspendFirstLevel() {
        first.suspend();
    }

    @Override
    public void resumeFirstLevel() {
        first.resume();
    }

    private Mono<ReadResult> fetch(CacheKey key, long token) {
        Instant start = now();
        return second.fetch(key)
                .map(fetched -> keep(key, fetched, start, token))
                .defaultIfEmpty(ReadResult.MISS)
                .onErrorReturn(SecondLevelUnavailableException.class, ReadResult.ERROR);
    }

    /** Ages count from before the question: a copy may end early, never late. */
    private ReadResult keep(CacheKey key, Fetched fetched, Instant start, long token) {
        CacheEntry entry = new CacheEntry(
                fetched.value(), fetched.version(), start.minus(fetched.age()), fetched.lifetime(), fetched.cost());
        first.fill(key, entry, token);
        return ReadResult.of(ReadOutcome.L2_HIT, entry);
    }

    /** What was learnt about the copy on this node, or what can no longer be known. */
    private void afterFailure(CacheKey key, Throwable error) {
        if (error instanceof ConditionFailedException failed) {
            first.invalidate(key, failed.currentVersion().orElse(Long.MAX_VALUE));
        }
        if (error instanceof SecondLevelUnavailableException unavailable && unavailable.mayHaveHappened()) {
            first.forget(key);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
