package dev.sluice.starter.node;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.LeasedRead;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.cache.engine.Loader;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import reactor.core.publisher.Mono;

/**
 * The two-level cache, as one of several nodes or alone. Calls fail as those of {@link
 * dev.sluice.cache.engine.TwoLevelCache} and {@link dev.sluice.cache.coherence.CoherentCache} of the same name. Nothing blocks.
 */
public interface CacheStore {

    Mono<ReadResult> get(CacheKey key);

    Mono<LeasedRead> getOrLease(CacheKey key);

    Mono<ReadResult> get(CacheKey key, Loader loader, LoadPatience patience);

    Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition);

    Mono<DeleteResult> delete(CacheKey key, Condition condition);

    /** Answers with the number of the purge. */
    Mono<Long> purge(Purge purge);

    /**
     * Lets all others know that nothing of this is to be answered any more, now or when Redis is back, though Redis does not answer. Fails
     * where there is nobody to tell, or no way to.
     */
    Mono<Void> renounce(Purge purge);
}
