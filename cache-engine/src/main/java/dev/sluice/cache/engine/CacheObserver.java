package dev.sluice.cache.engine;

/** Told of every read on the thread that answers it: must be quick and must not throw. */
public interface CacheObserver {

    CacheObserver NONE = (key, result, latencyNanos) -> {};

    /** Called once a get, when its answer is known; not when the reader has gone before. */
    void onRead(CacheKey key, ReadResult result, long latencyNanos);
}
