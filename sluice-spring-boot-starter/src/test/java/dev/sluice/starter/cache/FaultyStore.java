package dev.sluice.starter.cache;

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
import dev.sluice.starter.node.CacheStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** A store whose changes fail while Redis is away, and whose copies still answer. */
final class FaultyStore implements CacheStore {

    private final CacheStore store;
    volatile boolean away;

    /** What all others were told. */
    final List<Purge> renounced = new CopyOnWriteArrayList<>();

    /** Reads throw, as they should not. */
    volatile boolean broken;

    FaultyStore(CacheStore store) {
        this.store = store;
    }

    @Override
    public Mono<ReadResult> get(CacheKey key) {
        return read(() -> store.get(key));
    }

    @Override
    public Mono<LeasedRead> getOrLease(CacheKey key) {
        return read(() -> store.getOrLease(key));
    }

    @Override
    public Mono<ReadResult> get(CacheKey key, Loader loader, LoadPatience patience) {
        return read(() -> store.get(key, loader, patience));
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return change(() -> store.put(key, value, lifetime, condition));
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return change(() -> store.delete(key, condition));
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return change(() -> store.purge(purge));
    }

    @Override
    public Mono<Void> renounce(Purge purge) {
        return Mono.fromRunnable(() -> renounced.add(purge));
    }

    private <T> Mono<T> read(Supplier<Mono<T>> call) {
        if (broken) {
            throw new IllegalStateException("broken");
        }
        return call.get();
    }

    private <T> Mono<T> change(Supplier<Mono<T>> call) {
        return away ? Mono.error(new IllegalStateException("away")) : call.get();
    }
}
