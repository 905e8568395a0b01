package dev.sluice.cache.engine;

/**
 * Told of the reads that copies on this node answer, on their threads: must be quick and must not throw. Many copies share one,
 * so that a read finds it in the processor's cache. Thread-safe.
 */
public interface HitObserver {

    /** What it wants to be told with each read of that key. */
    long markOf(CacheKey key);

    /**
     * As {@link CacheObserver#onRead}; the moments are those of the cache's ticker, {@link System#nanoTime} where it has no other. Of
     * more than 100,000 reads a second most come with the moment that was looked up last, and with what another took that was timed.
     * False when the next read is to ask {@link CacheObserver#hitsOf} again; this one was taken notwithstanding.
     */
    boolean onHit(long mark, ReadOutcome outcome, int sizeBytes, long startNanos, long endNanos);
}
