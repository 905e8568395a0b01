package dev.sluice.cache.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells whether a key may have changed since a moment. A read of the second level takes a token before it asks and may
 * be kept on this node only while the token is current; without that, a value that was read before an invalidation
 * would be kept after it (see RATIONALE.md). Keys share counters, so a token may be void without need, never the other
 * way round.
 *
 * <p>A token is the sum of a counter of the key and one of all keys. Both only grow, so equal sums mean that neither has
 * moved.
 */
class FillGuard {

    /** Power of two; 512 KiB. Two keys share a counter once in 65,536 pairs. */
    private static final int STRIPES = 1 << 16;

    private final AtomicLongArray stripes;
    private final AtomicLong generation = new AtomicLong();

    FillGuard() {
        this(STRIPES);
    }

    /** @param stripes a power of two */
    FillGuard(int stripes) {
        this.stripes = new AtomicLongArray(stripes);
    }

    long token(CacheKey key) {
        return generation.get() + stripes.get(stripe(key));
    }

    boolean isCurrent(CacheKey key, long token) {
        return token(key) == token;
    }

    /** Voids every token of the key. */
    void voidTokens(CacheKey key) {
        stripes.incrementAndGet(stripe(key));
    }

    /** Voids every token of the key, and tells whether this one was current until then. */
    boolean spend(CacheKey key, long token) {
        int stripe = stripe(key);
        long before = token - generation.get();
        if (stripes.compareAndSet(stripe, before, before + 1)) {
            return true;
        }
        stripes.incrementAndGet(stripe);
        return false;
    }

    /** Voids every token. */
    void voidAllTokens() {
        generation.incrementAndGet();
    }

    /** Counts the calls of {@link #voidAllTokens}. */
    long generation() {
        return generation.get();
    }

    private int stripe(CacheKey key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash ^ (hash >>> 16)) & (stripes.length() - 1);
    }
}
