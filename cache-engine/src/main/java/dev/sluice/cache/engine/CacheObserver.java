package dev.sluice.cache.engine;

/** Told of every read on the thread that answers it: must be quick and must not throw. */
public interface CacheObserver {

    CacheObserver NONE = (key, result, latencyNanos) -> {};

    /** Called once a get, when its answer is known; not when the reader has gone before. */
    void onRead(CacheKey key, ReadResult result, long latencyNanos);

    /** A read has made the value and stored it. Whoever owns the log announces it, as any other put. */
    default void onLoaded(CacheKey key, PutResult result) {}
}
