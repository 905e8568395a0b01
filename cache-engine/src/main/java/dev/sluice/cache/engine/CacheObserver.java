package dev.sluice.cache.engine;

/** Told of every read on the thread that answers it: must be quick and must not throw. */
public interface CacheObserver {

    CacheObserver NONE = new CacheObserver() {
        @Override
        public void onRead(CacheKey key, ReadResult result, long latencyNanos) {}

        @Override
        public HitObserver hitsOf(CacheKey key, ReadResult result) {
            return NoHits.INSTANCE;
        }
    };

    /** Called once a get, when its answer is known; not when the reader has gone before. */
    void onRead(CacheKey key, ReadResult result, long latencyNanos);

    /**
     * Who is told, in place of {@link #onRead}, of the reads that a copy on this node answers with this result; asked seldom, so
     * that what is the same for all of them can be found out beforehand.
     */
    default HitObserver hitsOf(CacheKey key, ReadResult result) {
        return new HitObserver() {
            @Override
            public long markOf(CacheKey ignored) {
                return 0;
            }

            @Override
            public boolean onHit(long mark, ReadOutcome outcome, int sizeBytes, long startNanos, long endNanos) {
                onRead(key, result, endNanos - startNanos);
                return true;
            }
        };
    }

    /** A read has made the value and stored it. Whoever owns the log announces it, as any other put. */
    default void onLoaded(CacheKey key, PutResult result) {}

    /**
     * What the second level had of a key whose value this node kept alone was removed. Whoever owns the log announces it, as any
     * other delete.
     */
    default void onRemoved(CacheKey key, DeleteResult result) {}
}
