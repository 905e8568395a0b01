package dev.sluice.starter.node;

import dev.sluice.cache.coherence.CoherentCache;
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
import dev.sluice.cache.engine.StaleReads;
import reactor.core.publisher.Mono;

/** As one of several nodes: each change is announced on the log. */
record CoherentStore(CoherentCache cache) implements CacheStore {

    @Override
    public Mono<ReadResult> get(CacheKey key) {
        return cache.get(key, StaleReads.WHILE_REVALIDATING);
    }

    @Override
    public Mono<LeasedRead> getOrLease(CacheKey key) {
        return cache.getOrLease(key, 0);
    }

    @Override
    public Mono<ReadResult> get(CacheKey key, Loader loader, LoadPatience patience) {
        return cache.get(key, loader, patience);
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return cache.put(key, value, lifetime, condition);
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return cache.delete(key, condition);
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return cache.purge(purge);
    }

    @Override
    public Mono<Void> renounce(Purge purge) {
        return cache.renounce(purge);
    }
}
