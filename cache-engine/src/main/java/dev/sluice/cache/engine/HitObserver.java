package dev.sluice.cache.engine;

/** Told of the reads that one copy on this node answers, on their threads: must be quick and must not throw. Thread-safe. */
@FunctionalInterface
public interface HitObserver {

    /** As {@link CacheObserver#onRead}; the moments are those of the cache's ticker, {@link System#nanoTime} where it has no other. */
    void onHit(long startNanos, long endNanos);
}
