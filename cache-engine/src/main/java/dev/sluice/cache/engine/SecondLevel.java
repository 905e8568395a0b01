package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/**
 * The shared level, which issues the versions and checks the conditions. Versions of one key grow with every put,
 * delete and lease. No method blocks. Times cross this port as ages, never as instants, so that no two clocks are
 * compared.
 */
public interface SecondLevel {

    /** Empty when there is none, or when it was deleted or has come to the end of its whole life. Counts as a read, as {@link #touch}. */
    Mono<Fetched> fetch(CacheKey key);

    /** Of how many keys at most {@link #fetchAll} and {@link #putAll} should be asked; 1 when asking of each by itself costs the same. */
    default int mostAtOnce() {
        return 1;
    }

    /**
     * As {@link #fetch} of each, in one call. What is not in the answer is to be fetched by itself: it is too large, or there is
     * more to do about it.
     *
     * @param keys of one tenant
     */
    default Mono<Map<CacheKey, Optional<Fetched>>> fetchAll(List<CacheKey> keys) {
        return Flux.fromIterable(keys)
                .flatMap(key ->
                        Mono.zip(Mono.just(key), fetch(key).map(Optional::of).defaultIfEmpty(Optional.empty())))
                .collectMap(Tuple2::getT1, Tuple2::getT2);
    }

    /** Of the last change of a key, without its value. Empty when nothing is remembered of it, or nothing readable. */
    Mono<Stamp> stamp(CacheKey key);

    /** However late, in the eyes of {@link #put(CacheKey, CacheValue, Lifetime, Condition, Duration)}. */
    Duration NO_HURRY = Duration.ofSeconds(Long.MAX_VALUE);

    /**
     * Fails with {@link ConditionFailedException} or {@link QuotaExceededException} and changes nothing when the condition does not
     * hold, or a quota leaves no room. Voids the lease. May be made at any later time when there is no answer.
     */
    default Mono<Written> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return put(key, value, lifetime, condition, NO_HURRY);
    }

    /**
     * The same, but within a time from this call on, or never: who has had no answer in so long may put something else
     * elsewhere, and the older value does not come behind it. Fails with {@link java.util.concurrent.TimeoutException} when it
     * was too late.
     */
    Mono<Written> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience);

    /**
     * Several puts in one call, in their order. Fails as a whole when there is no answer: each of them may be made at any later time within
     * the patience.
     *
     * @param puts at most {@link #mostAtOnce}
     * @return of each in that order
     */
    default Mono<List<PutOutcome>> putAll(List<PutRequest> puts, Duration patience) {
        return Mono.just(Collections.nCopies(puts.size(), PutOutcome.LEFT));
    }

    /**
     * Issues a version even when there was no entry: older copies may be elsewhere. Fails with {@link
     * ConditionFailedException} and changes nothing when the condition does not hold. Voids the lease.
     */
    Mono<DeleteResult> delete(CacheKey key, Condition condition);

    /**
     * Asks to be the one who makes the next value; every change voids it.
     *
     * @param seenVersion of the entry that is to be replaced, 0 for none; something else is answered as changed
     * @param life at most {@link Lease#MAX_LIFE}
     */
    Mono<Lease> lease(CacheKey key, long seenVersion, Duration life);

    /** Gives a lease back without a value; answers whether it was still that one. */
    Mono<Boolean> release(CacheKey key, long token);

    /**
     * Issues the number of an epoch, higher than the version of everything that was begun before. Fails with {@link
     * TooManyPurgesException} when the tenant would have more than {@link Epochs#MAX_PER_TENANT}.
     */
    Mono<Long> purge(Purge purge);

    /**
     * Counts as a read of an entry that ends when it is idle: it is kept for its idle time from now, and never beyond its whole life.
     * Answers how long it is kept if nobody reads it any more; empty when it is not there in that version. Changes no version.
     */
    Mono<Duration> touch(CacheKey key, long version);

    /** All epochs of a tenant that were not swept yet. */
    Mono<Purges> purges(String tenant);

    /** Removes an entry that an epoch covers, if it is still in that version. Answers whether it was. */
    Mono<Boolean> sweep(CacheKey key, long version, long epoch);

    /**
     * Has the task run each time when this level is back after it was out of reach, or is another than it was: what is there
     * may be less, or older, than what was. Until it is disposed of.
     */
    default Disposable onReturn(Runnable task) {
        return Disposables.disposed();
    }

    /** The epochs of a tenant and the number of the last, which may have been swept already; 0 for none. */
    record Purges(List<Epoch> epochs, long last) {
        public Purges {
            epochs = List.copyOf(epochs);
        }
    }

    /**
     * An entry that was found.
     *
     * @param start see {@link CacheEntry}
     * @param lastPurge the number of the last epoch of its tenant at that time or later, 0 for none
     * @param age since it was stored
     * @param cost what it took to make the value, zero when nobody knows
     * @param left how long it is kept if nobody reads it any more
     */
    record Fetched(
            CacheValue value,
            long version,
            long start,
            Duration age,
            Lifetime lifetime,
            Duration cost,
            long lastPurge,
            Duration left) {

        /** One that does not end for want of reads. */
        public Fetched(
                CacheValue value,
                long version,
                long start,
                Duration age,
                Lifetime lifetime,
                Duration cost,
                long lastPurge) {
            this(
                    value,
                    version,
                    start,
                    age,
                    lifetime,
                    cost,
                    lastPurge,
                    lifetime.whole().minus(age));
        }
    }

    /** The version of a change; live when it left an entry, else it was removed. */
    record Stamp(long version, boolean live) {}

    /** What {@link #put(CacheKey, CacheValue, Lifetime, Condition)} is asked for. */
    record PutRequest(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {}

    /**
     * What became of one of several puts.
     *
     * @param written when it was made
     * @param refusal when it was not, or may not have been: as a put fails; with neither it was not made, and is to be put by itself
     */
    record PutOutcome(@Nullable Written written, @Nullable RuntimeException refusal) {

        /** Not made. */
        static final PutOutcome LEFT = new PutOutcome(null, null);
    }

    /** The version given to a put; created when there was no entry before. */
    record Written(long version, boolean created) {}
}
