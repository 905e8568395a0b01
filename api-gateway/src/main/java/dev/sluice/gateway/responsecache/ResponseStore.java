package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.TwoLevelCache;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Bytes in the memory of this gateway and in Redis. What is put can be found here at once; Redis gets it behind the
 * request's back. Without Redis the memory goes on alone. Thread-safe; nothing blocks, nothing fails.
 */
final class ResponseStore {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseStore.class);

    private static final String CONTENT_TYPE = "application/x-sluice-response";

    /** No answer is kept for longer; the engine's own bound. */
    static final Duration LONGEST = Duration.ofDays(30);

    /** For how long a change is remembered, so that what was read before it is not kept after it. */
    private static final Duration CHANGE_REMEMBERED = Duration.ofMinutes(1);

    private static final long MAX_CHANGES = 200_000;

    /** More removals that Redis was not told yet are not remembered one by one. */
    private static final int MAX_INSISTING = 10_000;

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /** A failure of Redis is taken for an outage this long. */
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    private final TwoLevelCache near;
    private final @Nullable FarStore far;
    private final Duration maxNearAge;
    private final InstantSource clock;
    private final Cache<CacheKey, Long> removed = Caffeine.newBuilder()
            .expireAfterWrite(CHANGE_REMEMBERED)
            .maximumSize(MAX_CHANGES)
            .build();
    private final AtomicInteger insisting = new AtomicInteger();

    /** What Redis had before is not believed. */
    private final AtomicLong distrustedMillis = new AtomicLong(Long.MIN_VALUE);

    private final AtomicLong failedMillis = new AtomicLong(Long.MIN_VALUE / 2);

    /**
     * Redis, once for reads, which requests wait for, and once for writes, which nobody waits for.
     *
     * @param removalPatience for how long a removal is tried
     */
    record FarStore(TwoLevelCache reads, TwoLevelCache writes, Duration removalPatience) {}

    /** @param maxNearAge after which Redis is asked whether another gateway has removed an answer */
    ResponseStore(TwoLevelCache near, @Nullable FarStore far, Duration maxNearAge, InstantSource clock) {
        this.near = near;
        this.far = far;
        this.maxNearAge = maxNearAge;
        this.clock = clock;
    }

    Mono<byte[]> find(CacheKey key) {
        FarStore shared = far;
        Mono<byte[]> here = near.get(key).flatMap(result -> Mono.justOrEmpty(bytesOf(result)));
        if (shared == null) {
            return here;
        }
        return here.switchIfEmpty(Mono.defer(() -> findFar(shared, key)));
    }

    private Mono<byte[]> findFar(FarStore shared, CacheKey key) {
        long start = clock.millis();
        return shared.reads()
                .get(key)
                .doOnNext(result -> note(result.outcome()))
                .filter(this::isTrusted)
                .flatMap(result -> Mono.justOrEmpty(bytesOf(result)))
                .filter(bytes -> !wasRemovedSince(key, start))
                .doOnNext(bytes -> putNear(key, bytes, maxNearAge));
    }

    /** Only what is in memory, at once. */
    Optional<byte[]> peek(CacheKey key) {
        ReadResult result = near.get(key).toFuture().getNow(null);
        return result == null ? Optional.empty() : bytesOf(result);
    }

    /** Keeps a value, unless the key was removed at or after an instant in milliseconds. */
    void put(CacheKey key, byte[] bytes, Duration asked, long sinceMillis) {
        if (wasRemovedSince(key, sinceMillis)) {
            return;
        }
        Duration ttl = asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
        FarStore shared = far;
        if (shared == null) {
            putNear(key, bytes, ttl);
            return;
        }
        boolean alone = clock.millis() - failedMillis.get() < OUTAGE.toMillis();
        putNear(key, bytes, alone || ttl.compareTo(maxNearAge) < 0 ? ttl : maxNearAge);
        Disposable ignored = shared.writes()
                .put(key, CacheValue.of(bytes, CONTENT_TYPE), ttl, Condition.any())
                .subscribe(put -> {}, failure -> noteFailure());
    }

    /** Replaces a value, which Redis gets as soon as it can; what was read before is not kept. */
    void replace(CacheKey key, byte[] bytes, Duration ttl) {
        removed.put(key, clock.millis());
        putNear(key, bytes, far == null || ttl.compareTo(maxNearAge) < 0 ? ttl : maxNearAge);
        FarStore shared = far;
        if (shared != null) {
            insist(shared, shared.writes().put(key, CacheValue.of(bytes, CONTENT_TYPE), ttl, Condition.any()));
        }
    }

    /** No answer that was asked for before this is found again. */
    void remove(CacheKey key) {
        removed.put(key, clock.millis());
        Disposable ignored = near.delete(key, Condition.any()).subscribe(deleted -> {}, failure -> {});
        FarStore shared = far;
        if (shared != null) {
            insist(shared, shared.writes().delete(key, Condition.any()));
        }
    }

    /** Tries until Redis has heard; what it could not be told in the end, this gateway does not believe it any more. */
    private void insist(FarStore shared, Mono<?> change) {
        if (insisting.incrementAndGet() > MAX_INSISTING) {
            insisting.decrementAndGet();
            distrust();
            return;
        }
        Disposable ignored = Mono.defer(() -> change)
                .doOnError(failure -> noteFailure())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY).maxBackoff(LAST_RETRY))
                .timeout(shared.removalPatience())
                .doFinally(signal -> insisting.decrementAndGet())
                .subscribe(done -> {}, failure -> {
                    distrust();
                    LOG.warn("Redis could not be told what was removed: {}", failure.toString());
                });
    }

    private void distrust() {
        distrustedMillis.accumulateAndGet(clock.millis(), Math::max);
    }

    /** In the memory of this gateway alone. */
    void keepNear(CacheKey key, byte[] bytes, Duration ttl, long sinceMillis) {
        if (!wasRemovedSince(key, sinceMillis)) {
            putNear(key, bytes, ttl);
        }
    }

    private void putNear(CacheKey key, byte[] bytes, Duration ttl) {
        Disposable ignored = near.put(key, CacheValue.of(bytes, CONTENT_TYPE), ttl, Condition.any())
                .subscribe(put -> {}, failure -> LOG.warn("an answer could not be kept: {}", failure.toString()));
    }

    private boolean wasRemovedSince(CacheKey key, long millis) {
        Long at = removed.getIfPresent(key);
        return at != null && at >= millis;
    }

    private boolean isTrusted(ReadResult result) {
        return result.entry()
                .filter(entry -> entry.storedAt().toEpochMilli() > distrustedMillis.get())
                .isPresent();
    }

    private void note(ReadOutcome outcome) {
        if (outcome == ReadOutcome.ERROR) {
            noteFailure();
        }
    }

    private void noteFailure() {
        failedMillis.set(clock.millis());
    }

    private static Optional<byte[]> bytesOf(ReadResult result) {
        return result.entry().map(CacheEntry::value).map(CacheValue::bytes);
    }
}
