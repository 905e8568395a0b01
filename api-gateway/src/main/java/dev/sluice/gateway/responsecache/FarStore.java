package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ConditionFailedException;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.TwoLevelCache;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Bytes in Redis, which all gateways share. A removal leaves a mark there for as long as an answer may be on its way, so
 * that one which was asked for before is not kept by anybody. Thread-safe; nothing blocks, nothing fails.
 */
final class FarStore {

    /** Nobody knows what Redis has. */
    static final long UNKNOWN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(FarStore.class);

    private static final String CONTENT_TYPE = "application/x-sluice-response";

    private static final long NOTHING = 0;

    /** What a removal leaves; no stored record begins so. */
    private static final CacheValue MARK = CacheValue.of(new byte[] {0}, "");

    /** Some 12 MB. Of what is not among them, an answer is kept in memory alone. */
    private static final long MAX_VERSIONS = 50_000;

    /** More removals that Redis was not told yet are not remembered one by one. */
    private static final int MAX_INSISTING = 10_000;

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /** A failure of Redis is taken for an outage this long. */
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    private final TwoLevelCache reads;
    private final TwoLevelCache writes;
    private final Duration removalPatience;
    private final InstantSource clock;

    /** What Redis had of a key when this gateway last heard of it. */
    private final Cache<CacheKey, Long> versions = Caffeine.newBuilder()
            .expireAfterAccess(ResponseStore.REMEMBERED)
            .maximumSize(MAX_VERSIONS)
            .build();

    /** How many removals of a key Redis was not told yet. */
    private final Map<CacheKey, Integer> unheard = new ConcurrentHashMap<>();

    private final AtomicInteger insisting = new AtomicInteger();

    /** What Redis had before is not believed. */
    private final AtomicLong distrustedMillis = new AtomicLong(Long.MIN_VALUE);

    private final AtomicLong failedMillis = new AtomicLong(Long.MIN_VALUE / 2);

    /**
     * Redis once for reads, which requests wait for, and once for writes, which nobody waits for.
     *
     * @param removalPatience for how long a removal is tried
     */
    FarStore(TwoLevelCache reads, TwoLevelCache writes, Duration removalPatience, InstantSource clock) {
        this.reads = reads;
        this.writes = writes;
        this.removalPatience = removalPatience;
        this.clock = clock;
    }

    /**
     * What Redis says.
     *
     * @param answered whether it says anything that may be believed
     */
    record Look(boolean answered, Optional<byte[]> bytes) {

        private static final Look UNANSWERED = new Look(false, Optional.empty());
    }

    Mono<Look> read(CacheKey key) {
        if (unheard.containsKey(key)) {
            return Mono.just(Look.UNANSWERED);
        }
        return reads.get(key).map(result -> look(key, result)).defaultIfEmpty(Look.UNANSWERED);
    }

    private Look look(CacheKey key, ReadResult result) {
        if (result.outcome() == ReadOutcome.ERROR) {
            noteFailure();
            return Look.UNANSWERED;
        }
        versions.put(key, result.entry().map(CacheEntry::version).orElse(NOTHING));
        return new Look(
                true,
                result.entry()
                        .filter(entry -> entry.storedAt().toEpochMilli() > distrustedMillis.get())
                        .map(entry -> entry.value().bytes())
                        .filter(bytes -> bytes.length > MARK.size()));
    }

    /** What Redis had of a key when this gateway last heard of it, for {@link #putOver}; unknown while a removal is on its way there. */
    long seen(CacheKey key) {
        if (unheard.containsKey(key)) {
            return UNKNOWN;
        }
        Long version = versions.getIfPresent(key);
        return version == null ? UNKNOWN : version;
    }

    /** Whether it has failed just now. */
    boolean isAway() {
        return clock.millis() - failedMillis.get() < OUTAGE.toMillis();
    }

    /** Whatever is there. */
    void put(CacheKey key, byte[] bytes, Duration ttl) {
        Disposable ignored =
                writes.put(key, value(bytes), ttl, Condition.any()).subscribe(put -> {}, failure -> noteFailure());
    }

    /**
     * Only over what was seen before; who has not seen anything does not know what was removed meanwhile.
     *
     * @param refused when there is something else, perhaps the mark of a removal
     */
    void putOver(long seen, CacheKey key, byte[] bytes, Duration ttl, Runnable refused) {
        if (seen == UNKNOWN) {
            return;
        }
        Condition condition = seen == NOTHING ? Condition.absent() : Condition.version(seen);
        Disposable ignored = writes.put(key, value(bytes), ttl, condition)
                .subscribe(put -> versions.put(key, put.entry().version()), failure -> {
                    if (failure instanceof ConditionFailedException) {
                        versions.invalidate(key);
                        refused.run();
                    } else {
                        noteFailure();
                    }
                });
    }

    /**
     * Removes what is there.
     *
     * @param remembered for how long an answer may be on its way that was asked for before
     * @param told see {@link #replace}
     */
    void remove(CacheKey key, Duration remembered, LongConsumer told) {
        insist(key, MARK, remembered, told);
    }

    /**
     * Replaces what is there.
     *
     * @param told with its version when Redis has it, and before that when Redis has failed once, with {@link
     *     Long#MAX_VALUE}
     */
    void replace(CacheKey key, byte[] bytes, Duration ttl, LongConsumer told) {
        insist(key, value(bytes), ttl, told);
    }

    /** Tries until Redis has heard; what it could not be told in the end, this gateway does not believe it any more. */
    private void insist(CacheKey key, CacheValue value, Duration ttl, LongConsumer told) {
        if (insisting.incrementAndGet() > MAX_INSISTING) {
            insisting.decrementAndGet();
            distrust();
            told.accept(Long.MAX_VALUE);
            return;
        }
        unheard.merge(key, 1, Integer::sum);
        versions.invalidate(key);
        AtomicBoolean failed = new AtomicBoolean();
        Disposable ignored = Mono.defer(() -> writes.put(key, value, ttl, Condition.any()))
                .doOnError(failure -> {
                    noteFailure();
                    if (failed.compareAndSet(false, true)) {
                        told.accept(Long.MAX_VALUE);
                    }
                })
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY).maxBackoff(LAST_RETRY))
                .timeout(removalPatience)
                .doFinally(signal -> {
                    insisting.decrementAndGet();
                    unheard.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null);
                })
                .subscribe(
                        put -> {
                            versions.put(key, put.entry().version());
                            told.accept(put.entry().version());
                        },
                        failure -> {
                            distrust();
                            LOG.warn("Redis could not be told what was removed: {}", failure.toString());
                        });
    }

    private static CacheValue value(byte[] bytes) {
        return CacheValue.of(bytes, CONTENT_TYPE);
    }

    private void distrust() {
        distrustedMillis.accumulateAndGet(clock.millis(), Math::max);
    }

    private void noteFailure() {
        failedMillis.set(clock.millis());
    }
}
