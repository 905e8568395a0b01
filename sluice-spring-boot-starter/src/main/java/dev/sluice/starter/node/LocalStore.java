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
import dev.sluice.cache.engine.TwoLevelCache;
import reactor.core.publisher.Mono;

/** Without a log: nobody is told of changes. */
public record LocalStore(TwoLevelCache cache) implements CacheStore {

    @Override
    public Mono<ReadResult> get(CacheKey key) {
        return cache.get(key);
    }

    @Override
    public Mono<LeasedRead> getOrLease(CacheKey key) {
        return cache.getOrLease(key);
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
        return cache.purge(purge).map(epochs -> epochs.getFirst().number());
    }

    @Override
    public Mono<Void> renounce(Purge purge) {
        return Mono.error(new UnsupportedOperationException("there is no log"));
    }
}
