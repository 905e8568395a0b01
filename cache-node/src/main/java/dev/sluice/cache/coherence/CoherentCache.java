package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.LeasedRead;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.cache.engine.Loader;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PutBatch;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.SecondLevelUnavailableException;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.engine.WriteIntents;
import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.cache.event.ChangePublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The cache as one of several nodes: a write is stored, then announced, then answered. A write that has begun is not
 * ended by its asker going away, since a stored value that nobody announces would stay hidden behind old copies.
 */
public final class CoherentCache {

    private final TwoLevelCache cache;
    private final InvalidationPublisher invalidations;
    private final ChangePublisher changes;
    private final WriteIntents intents;
    private final EpochTable epochs;
    private final Duration ackTimeout;

    CoherentCache(
            TwoLevelCache cache,
            InvalidationPublisher invalidations,
            ChangePublisher changes,
            WriteIntents intents,
            EpochTable epochs,
            Duration ackTimeout) {
        this.cache = cache;
        this.invalidations = invalidations;
        this.changes = changes;
        this.intents = intents;
        this.epochs = epochs;
        this.ackTimeout = ackTimeout;
    }

    public Mono<ReadResult> get(CacheKey key, StaleReads accepted) {
        return cache.get(key, accepted);
    }

    /** As {@link #get(CacheKey, StaleReads)} of each, in their order; what this node does not have is asked for in one go. */
    public Mono<List<ReadResult>> getAll(List<CacheKey> keys, StaleReads accepted) {
        return cache.getAll(keys, accepted);
    }

    /** As the engine says; what was loaded and stored is announced as any other change, which the reader does not wait for. */
    public Mono<ReadResult> get(CacheKey key, Loader loader, LoadPatience patience) {
        return cache.get(key, loader, patience);
    }

    /** As the engine says. */
    public Mono<ReadResult> fill(CacheKey key) {
        return cache.fill(key);
    }

    /** As {@link #get(CacheKey, Loader, LoadPatience)}, counted as no read of anybody. */
    public Mono<ReadResult> fill(CacheKey key, Loader loader, LoadPatience patience) {
        return cache.fill(key, loader, patience);
    }

    /** Answers nothing older than a version that the reader knows of, also where the log has not told of it. */
    public Mono<ReadResult> get(CacheKey key, StaleReads accepted, long minVersion) {
        return cache.get(key, accepted, minVersion);
    }

    /** The version is as in {@link #get(CacheKey, StaleReads, long)}, 0 for a reader who knows of none. */
    public Mono<LeasedRead> getOrLease(CacheKey key, long minVersion) {
        return cache.getOrLease(key, minVersion);
    }

    public Mono<Boolean> release(CacheKey key, long token) {
        return cache.release(key, token);
    }

    /** Fails as the engine says, or with {@link UnannouncedWriteException}. */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return announced(key, lifetime, cache.put(key, value, lifetime, condition));
    }

    /** For several puts, which are to reach Redis in one go. */
    public PutBatch putBatch() {
        return cache.putBatch();
    }

    /** As {@link #put(CacheKey, CacheValue, Lifetime, Condition)}, of several of {@link #putBatch}; goes on when that is sent. */
    public Mono<PutResult> put(PutBatch batch, CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return announced(key, lifetime, batch.put(key, value, lifetime, condition));
    }

    private Mono<PutResult> announced(CacheKey key, Lifetime lifetime, Mono<PutResult> put) {
        return toItsEnd(
                key,
                put.flatMap(result -> announce(
                                key,
                                result.entry().version(),
                                ChangeMark.stored(result.entry()),
                                changes.publishSet(key, result.entry(), lifetime.fresh()))
                        .thenReturn(result)));
    }

    /**
     * Keeps a value on this node alone while Redis does not answer: that what was there is gone is on the log first, so no
     * node answers it, now or when Redis is back. Fails as {@link TwoLevelCache#putHere} says, or with {@link
     * UnannouncedWriteException} when the log does not confirm; then nothing is kept.
     */
    public Mono<PutResult> putHere(CacheKey key, CacheValue value, Lifetime lifetime) {
        Mono<PutResult> put = renounced(Purge.of(key)).then(Mono.defer(() -> cache.putHere(key, value, lifetime)));
        return Mono.fromFuture(put::toFuture, true);
    }

    /**
     * Purges while Redis does not answer: it is on the log, so no node answers what was there, now or when Redis is back.
     * Fails as {@link TwoLevelCache#renounce(Purge)} says, or with {@link UnannouncedWriteException} when the log does not confirm; then
     * nothing is purged.
     */
    public Mono<Void> renounce(Purge purge) {
        Mono<Void> done = renounced(purge);
        return Mono.fromFuture(done::toFuture, true);
    }

    private Mono<Void> renounced(Purge purge) {
        return Mono.fromCallable(() -> cache.renounce(purge))
                .flatMap(issued -> announced(issued, epochs::announce)
                        // What no other node hears of this one need not go by.
                        .doOnError(failure -> issued.forEach(cache::swept)));
    }

    /**
     * Fails as {@link #put}. What was not there is announced all the same: another node may hold a copy of what the
     * shared level has lost.
     */
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return toItsEnd(key, cache.delete(key, condition).flatMap(result -> {
            CompletableFuture<?> change = result.existed()
                    ? changes.publishDelete(key, result.version())
                    : CompletableFuture.completedFuture(result);
            return announce(key, result.version(), ChangeMark.removed(result), change)
                    .thenReturn(result);
        }));
    }

    /**
     * Answers with the number of the purge. Fails as {@link #put} and {@link TwoLevelCache#purge}; when it is not
     * announced, other nodes may serve copies until it is.
     */
    public Mono<Long> purge(Purge purge) {
        Mono<Long> done = cache.purge(purge)
                .flatMap(issued -> announced(issued, epochs::post)
                        .thenReturn(issued.getFirst().number()));
        return Mono.fromFuture(done::toFuture, true);
    }

    /** Does what the announcement of a purge does without a purge, as often as is said, one after the other. Fails as {@link #purge}. */
    public Mono<Void> rehearsePurge(int times) {
        return Flux.range(0, times)
                .concatMap(ignored -> Mono.fromFuture(epochs::rehearse, true))
                .then();
    }

    private Mono<Void> announced(List<Epoch> issued, Function<Epoch, CompletableFuture<?>> announce) {
        CompletableFuture<?>[] announced = issued.stream().map(announce).toArray(CompletableFuture<?>[]::new);
        return Mono.fromFuture(CompletableFuture.allOf(announced), true)
                .timeout(ackTimeout)
                .onErrorMap(failure ->
                        new UnannouncedWriteException(issued.getFirst().number(), failure));
    }

    private Mono<Void> announce(CacheKey key, long version, ChangeMark mark, CompletableFuture<?> change) {
        CompletableFuture<?> announced = invalidations.publish(key, version, mark);
        CompletableFuture<?> _ = announced.thenRun(() -> intents.fulfil(new Intent(key, version)));
        CompletableFuture<Void> both = CompletableFuture.allOf(announced, change);
        return Mono.fromFuture(both, true)
                .timeout(ackTimeout)
                .onErrorMap(failure -> new UnannouncedWriteException(version, failure));
    }

    private <T> Mono<T> toItsEnd(CacheKey key, Mono<T> write) {
        Mono<T> careful = write.doOnError(SecondLevelUnavailableException.class, failure -> {
            if (failure.mayHaveHappened()) {
                invalidations.publishDoubt(key);
            }
        });
        return Mono.fromFuture(careful::toFuture, true);
    }
}
