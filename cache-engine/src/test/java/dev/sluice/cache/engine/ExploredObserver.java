package dev.sluice.cache.engine;

import java.util.function.ObjLongConsumer;

/** Hears of the changes that a cache of an {@link ExploredWorld} makes by itself, and has the others told of their versions. */
record ExploredObserver(ObjLongConsumer<CacheKey> changes) implements CacheObserver {

    @Override
    public void onRead(CacheKey key, ReadResult result, long latencyNanos) {}

    @Override
    public void onLoaded(CacheKey key, PutResult result) {
        changes.accept(key, result.entry().version());
    }

    @Override
    public void onRemoved(CacheKey key, DeleteResult result) {
        changes.accept(key, result.version());
    }
}
