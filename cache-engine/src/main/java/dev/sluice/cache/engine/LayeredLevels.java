package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Fetched;
import dev.sluice.cache.engine.SecondLevel.Stamp;
import dev.sluice.cache.engine.SecondLevel.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A first level before a second. A change is made in the second level first, then on this node, and only then answered.
 * Changes run to their end even when the caller leaves: half a change would leave an old copy behind.
 */
final class LayeredLevels implements Levels {

    private final FirstLevel first;
    private final GuardedSecondLevel second;
    private final Epochs epochs;
    private final InstantSource clock;
    private final SingleFlight flights;
    private final PurgeKnowledge knowledge;
    private final Doubts doubts;
    private final LonePuts lone;

    LayeredLevels(
            FirstLevel first,
            GuardedSecondLevel second,
            LonePuts lone,
            Epochs epochs,
            EngineParts parts,
            InstantSource clock) {
        this.first = first;
        this.second = second;
        this.lone = lone;
        this.epochs = epochs;
        this.clock = clock;
        flights = parts.flights(first.guard(), epochs);
        knowledge = new PurgeKnowledge(second, epochs);
        doubts = parts.doubts(first, second);
    }

    @Override
    public Mono<ReadResult> read(CacheKey key) {
        return read(key, second::fetch);
    }

    private Mono<ReadResult> read(CacheKey key, Function<CacheKey, Mono<Fetched>> question) {
        return lone.after(key, flights.join(key, token -> fetch(key, token, question)))
                .onErrorReturn(SecondLevelUnavailableException.class, ReadResult.ERROR);
    }

    /** Each is a flight of its own, which others may join. */
    @Override
    public Together together() {
        GatheredReads reads = new GatheredReads(second);
        GatheredPuts puts = new GatheredPuts(second);
        return new Together() {
            @Override
            public Mono<ReadResult> read(CacheKey key) {
                return LayeredLevels.this.read(key, reads::fetch);
            }

            @Override
            public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
                return LayeredLevels.this.put(key, value, lifetime, condition, puts::put);
            }

            @Override
            public void send() {
                reads.send();
                puts.send();
            }
        };
    }

    @Override
    public Mono<ReadResult> readAnew(CacheKey key) {
        return lone.after(key, Mono.defer(() -> fetch(key, first.guard().token(key), second::fetch)))
                .onErrorReturn(SecondLevelUnavailableException.class, ReadResult.ERROR);
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return put(key, value, lifetime, condition, second::put);
    }

    /** How the second level is asked to put something. */
    private interface Put {
        Mono<Written> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition);
    }

    private Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Put question) {
        Mono<PutResult> put = Mono.defer(() -> {
            long token = first.guard().token(key);
            Instant start = now();
            return question.put(key, value, lifetime, condition)
                    .map(written -> {
                        CacheEntry entry = entry(value, written.version(), start, lifetime, condition);
                        if (!first.write(key, entry, token)) {
                            doubts.overtaken(key, Copy.of(entry, 0));
                        }
                        return new PutResult(entry, written.created());
                    })
                    .doOnError(error -> afterFailure(key, error))
                    .cache();
        });
        return lone.after(key, afterPurges(key, condition, put));
    }

    private static CacheEntry entry(
            CacheValue value, long version, Instant storedAt, Lifetime lifetime, Condition condition) {
        return condition instanceof Condition.Leased lease
                ? new CacheEntry(value, version, lease.token(), storedAt, lifetime, lease.cost(version))
                : new CacheEntry(value, version, storedAt, lifetime, Duration.ZERO);
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        Mono<DeleteResult> delete = Mono.defer(() -> second.delete(key, condition)
                .doOnNext(deleted -> first.invalidate(key, deleted.version()))
                .doOnError(error -> afterFailure(key, error))
                .cache());
        return lone.after(key, afterPurges(key, condition, delete));
    }

    /** What was purged and lies there still is removed first, since the conditions are checked where it lies. */
    private <T> Mono<T> afterPurges(CacheKey key, Condition condition, Mono<T> change) {
        return Mono.defer(() -> condition instanceof Condition.Leased || !epochs.reach(key)
                ? change
                : read(key).then(change));
    }

    @Override
    public Mono<List<Epoch>> purge(Purge purge) {
        return Mono.defer(() -> second.purge(purge)
                .map(purge::epochs)
                .doOnNext(issued -> epochs.addAll(purge.tenant(), issued, 0))
                .cache());
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return lone.after(key, second.lease(key, seenVersion, life).doOnSubscribe(ignored -> doubts.expectEcho(key)));
    }

    @Override
    public Mono<Duration> touch(CacheKey key, CacheEntry entry) {
        return second.touch(key, entry.version());
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return second.release(key, token);
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return second.stamp(key);
    }

    @Override
    public void invalidate(CacheKey key, long version) {
        first.invalidate(key, version);
    }

    @Override
    public List<Epoch> renounce(Purge purge) {
        return lone.renounce(purge);
    }

    @Override
    public Mono<PutResult> putHere(CacheKey key, CacheValue value, Lifetime lifetime) {
        return lone.put(key, value, lifetime);
    }

    @Override
    public void doubt(CacheKey key) {
        doubts.raise(key);
    }

    @Override
    public void doubtAll() {
        doubts.raiseAll();
    }

    @Override
    public void suspendFirstLevel() {
        first.suspend();
    }

    @Override
    public void resumeFirstLevel() {
        first.resume();
    }

    private Mono<ReadResult> fetch(CacheKey key, long token, Function<CacheKey, Mono<Fetched>> question) {
        return fetchJudged(key, token, question)
                .defaultIfEmpty(ReadResult.MISS)
                .onErrorReturn(SecondLevelUnavailableException.class, ReadResult.ERROR);
    }

    private Mono<ReadResult> fetchJudged(CacheKey key, long token, Function<CacheKey, Mono<Fetched>> question) {
        return Mono.defer(() -> {
            Instant start = now();
            long retirements = epochs.retirements();
            return question.apply(key)
                    .flatMap(fetched -> knowledge
                            .upTo(key.tenant(), fetched.lastPurge())
                            .then(Mono.defer(() -> retirements == epochs.retirements()
                                    ? judge(key, entry(fetched, start), aliveUntil(fetched, start), token)
                                    : fetchJudged(key, token, second::fetch))));
        });
    }

    /** Counts from before the question too. */
    private static long aliveUntil(Fetched fetched, Instant start) {
        return start.plus(fetched.left()).toEpochMilli();
    }

    /** Ages count from before the question: a copy may end early, never late. */
    private static CacheEntry entry(Fetched fetched, Instant start) {
        return new CacheEntry(
                fetched.value(),
                fetched.version(),
                fetched.start(),
                start.minus(fetched.age()),
                fetched.lifetime(),
                fetched.cost());
    }

    /** What was purged, or softly so that it has ended, is a miss, and removed: a lease is only given where there is nothing that its asker has not seen. */
    private Mono<ReadResult> judge(CacheKey key, CacheEntry entry, long aliveUntilMillis, long token) {
        Optional<CacheEntry> served =
                epochs.judge(key, entry).filter(judged -> judged.endsAt().isAfter(now()));
        if (served.isEmpty()) {
            long epoch = epochs.newest(key, entry.value().tags());
            return second.sweep(key, entry.version(), epoch).thenReturn(ReadResult.MISS);
        }
        boolean kept = first.fill(key, served.get(), aliveUntilMillis, token);
        if (!kept && served.get().lifetime().endsIdle()) {
            // The read itself has put off the end, of which Redis tells as of any change.
            doubts.overtaken(key, Copy.of(served.get(), 0, aliveUntilMillis));
        }
        return Mono.just(ReadResult.of(ReadOutcome.L2_HIT, served.get()));
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
