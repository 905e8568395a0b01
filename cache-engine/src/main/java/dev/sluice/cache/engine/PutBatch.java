package dev.sluice.cache.engine;

import reactor.core.publisher.Mono;

/**
 * Puts that are sent to the second level in one go. Each has its own outcome, as if it had been put by itself: they are not made in one
 * step. To be begun by a subscription each, and sent then; what begins later is sent by itself. Thread-safe; for one use.
 */
public final class PutBatch {

    private final Levels.Together together;
    private final Lifetimes lifetimes;
    private final CacheCounts.ChangeCounts counts;

    PutBatch(Levels.Together together, Lifetimes lifetimes, CacheCounts.ChangeCounts counts) {
        this.together = together;
        this.lifetimes = lifetimes;
        this.counts = counts;
    }

    /** As {@link TwoLevelCache#put(CacheKey, CacheValue, Lifetime, Condition)}; waits for {@link #send}. */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return counts.count(Mono.defer(() -> together.put(key, value, lifetimes.given(key, lifetime), condition)));
    }

    /** Once all puts were begun, also when that failed: none of them goes on before. Repeated calls do nothing. */
    public void send() {
        together.send();
    }
}
