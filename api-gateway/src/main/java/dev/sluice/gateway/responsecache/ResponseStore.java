package dev.sluice.gateway.responsecache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.TwoLevelCache;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Bytes in the memory of this gateway and in Redis. What is put can be found here at once; Redis gets it behind the
 * request's back. Without Redis the memory goes on alone. Thread-safe; nothing blocks, nothing fails.
 */
final class ResponseStore {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseStore.class);

    private static final String CONTENT_TYPE = "application/x-sluice-response";

    /** No answer is kept for longer; the engine's own bound. */
    static final Duration LONGEST = Duration.ofDays(30);

    /** For how long a removal is remembered; an answer that takes as long is not kept. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final long MAX_REMOVED = 200_000;

    private final TwoLevelCache near;
    private final @Nullable FarStore far;
    private final Peers peers;
    private final Duration maxNearAge;
    private final InstantSource clock;
    private final Cache<CacheKey, Long> removed = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MAX_REMOVED)
            .build();

    private volatile boolean heard = true;

    /** Copies from before may be of what others have removed. */
    private final AtomicLong unheardMillis = new AtomicLong(Long.MIN_VALUE);

    /** @param maxNearAge after which Redis is asked whether another gateway has removed an answer */
    ResponseStore(TwoLevelCache near, @Nullable FarStore far, Peers peers, Duration maxNearAge, InstantSource clock) {
        this.near = near;
        this.far = far;
        this.peers = peers;
        this.maxNearAge = maxNearAge;
        this.clock = clock;
    }

    Mono<byte[]> find(CacheKey key) {
        CacheEntry copy = copyOf(key);
        FarStore shared = far;
        if (shared == null || (areOthersHeard() && copy != null && isCurrent(copy))) {
            return Mono.justOrEmpty(copy).map(ResponseStore::bytesOf);
        }
        return Mono.defer(() -> findFar(shared, key, copy));
    }

    private Mono<byte[]> findFar(FarStore shared, CacheKey key, @Nullable CacheEntry copy) {
        long start = clock.millis();
        return shared.read(key).flatMap(look -> {
            if (wasRemovedSince(key, start)) {
                return Mono.empty();
            }
            if (!look.answered()) {
                return Mono.justOrEmpty(copy).map(ResponseStore::bytesOf);
            }
            look.bytes().ifPresent(bytes -> putNear(key, bytes, maxNearAge));
            return Mono.justOrEmpty(look.bytes());
        });
    }

    /** Only what is in memory, at once. */
    Optional<byte[]> peek(CacheKey key) {
        return Optional.ofNullable(copyOf(key)).map(ResponseStore::bytesOf);
    }

    /** What Redis has of a key as far as this gateway knows, for {@link #putOver}. */
    long seen(CacheKey key) {
        FarStore shared = far;
        return shared == null ? FarStore.UNKNOWN : shared.seen(key);
    }

    /** Keeps a value, unless the key was removed at or after an instant in milliseconds. */
    void put(CacheKey key, byte[] bytes, Duration asked, long sinceMillis) {
        if (isLate(key, sinceMillis)) {
            return;
        }
        Duration ttl = shorter(asked, LONGEST);
        putFresh(key, bytes, ttl);
        FarStore shared = far;
        if (shared != null) {
            shared.put(key, bytes, ttl);
        }
    }

    /** The same, and unless anybody has removed it who tells in Redis alone. */
    void putOver(long seen, CacheKey key, byte[] bytes, Duration asked, long sinceMillis) {
        if (isLate(key, sinceMillis)) {
            return;
        }
        Duration ttl = shorter(asked, LONGEST);
        putFresh(key, bytes, ttl);
        FarStore shared = far;
        if (shared != null) {
            shared.putOver(seen, key, bytes, ttl, () -> dropNear(key));
        }
    }

    /** Whether a value that was asked for then may be of before a removal. */
    private boolean isLate(CacheKey key, long sinceMillis) {
        return wasRemovedSince(key, sinceMillis) || clock.millis() - sinceMillis >= REMEMBERED.toMillis();
    }

    private void putFresh(CacheKey key, byte[] bytes, Duration ttl) {
        FarStore shared = far;
        putNear(key, bytes, shared == null || shared.isAway() ? ttl : shorter(ttl, maxNearAge));
    }

    /** Replaces a value for all gateways, in Redis as soon as it can be reached; what was read before is not kept. */
    void replace(CacheKey key, byte[] bytes, Duration ttl) {
        replaceHere(key, bytes, ttl);
        FarStore shared = far;
        if (shared == null) {
            peers.announce(key, Long.MAX_VALUE);
        } else {
            shared.replace(key, bytes, ttl, version -> peers.announce(key, version));
        }
    }

    /** The same for this gateway alone. */
    void replaceHere(CacheKey key, byte[] bytes, Duration ttl) {
        removed.put(key, clock.millis());
        putNear(key, bytes, far == null ? ttl : shorter(ttl, maxNearAge));
    }

    /** No answer that was asked for before this is found again, by any gateway. */
    void remove(CacheKey key) {
        removeHere(key);
        FarStore shared = far;
        if (shared == null) {
            peers.announce(key, Long.MAX_VALUE);
        } else {
            shared.remove(key, REMEMBERED, version -> peers.announce(key, version));
        }
    }

    /** The same for this gateway alone. */
    void removeHere(CacheKey key) {
        removed.put(key, clock.millis());
        dropNear(key);
    }

    /** Nobody knows what others have removed up to now. */
    void distrustCopies() {
        unheardMillis.accumulateAndGet(clock.millis(), Math::max);
    }

    /** In the memory of this gateway alone. */
    void keepNear(CacheKey key, byte[] bytes, Duration ttl, long sinceMillis) {
        if (!isLate(key, sinceMillis)) {
            putNear(key, bytes, ttl);
        }
    }

    /** Whether copies may be used without asking Redis; those from before it was so may not. */
    private boolean areOthersHeard() {
        boolean now = peers.areHeard();
        if (now && !heard) {
            distrustCopies();
        }
        heard = now;
        return now;
    }

    private boolean isCurrent(CacheEntry copy) {
        return copy.storedAt().toEpochMilli() > unheardMillis.get();
    }

    private void dropNear(CacheKey key) {
        Disposable ignored = near.delete(key, Condition.any()).subscribe(deleted -> {}, failure -> {});
    }

    private void putNear(CacheKey key, byte[] bytes, Duration ttl) {
        Disposable ignored = near.put(key, CacheValue.of(bytes, CONTENT_TYPE), ttl, Condition.any())
                .subscribe(put -> {}, failure -> LOG.warn("an answer could not be kept: {}", failure.toString()));
    }

    private boolean wasRemovedSince(CacheKey key, long millis) {
        Long at = removed.getIfPresent(key);
        return at != null && at >= millis;
    }

    /** The memory answers at once. */
    private @Nullable CacheEntry copyOf(CacheKey key) {
        ReadResult result = near.get(key).toFuture().getNow(null);
        return result == null ? null : result.entry().orElse(null);
    }

    private static byte[] bytesOf(CacheEntry entry) {
        return entry.value().bytes();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
