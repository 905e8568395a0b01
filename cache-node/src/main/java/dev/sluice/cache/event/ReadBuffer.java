package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.HitObserver;
import dev.sluice.cache.engine.ReadOutcome;
import java.util.concurrent.atomic.AtomicReference;

/** The reads of one dimension that are not on their way yet. Adding takes no lock, and allocates once in a chunk. Thread-safe. */
final class ReadBuffer implements HitObserver {

    private static final int MIN_CHUNK = 16;

    /** Most reads of one chunk, which then does not wait. */
    static final int MAX_CHUNK = 1024;

    private final Dimension dimension;
    private final Outlet outlet;
    private final AtomicReference<ReadChunk> open = new AtomicReference<>(ReadChunk.NONE);
    private volatile int nextCapacity = MIN_CHUNK;
    private volatile boolean forgotten;

    ReadBuffer(Dimension dimension, Outlet outlet) {
        this.dimension = dimension;
        this.outlet = outlet;
    }

    /** Where reads go on from here. Called on the thread of a read: must not block. */
    interface Outlet {
        ReadChunk.WallClock wallClock();

        /** There are reads, to be taken some time. */
        void begun(ReadBuffer buffer);

        /** No read fits in any more. */
        void full(Dimension dimension, ReadChunk chunk);
    }

    /** What the reads of one batch share. */
    record Dimension(String tenant, String namespace, String pattern) {
        String recordKey() {
            return tenant + "|" + namespace + "|" + pattern;
        }
    }

    Dimension dimension() {
        return dimension;
    }

    /** Others stand for its pattern now; it still takes what comes. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Of the key among all: what tells the reads of one from those of another. */
    @Override
    public long markOf(CacheKey key) {
        return KeyHash.of(key);
    }

    /** As {@link #add}; false when it is forgotten. */
    @Override
    public boolean onHit(long keyHash, ReadOutcome outcome, int sizeBytes, long startNanos, long endNanos) {
        add(endNanos, outcome, endNanos - startNanos, sizeBytes, keyHash);
        return !forgotten;
    }

    void add(long endNanos, ReadOutcome outcome, long latencyNanos, long sizeBytes, long keyHash) {
        add(endNanos, latencyNanos, keyHash, ReadChunk.told(outcome, sizeBytes));
    }

    /** @param told as {@link ReadChunk#told} says it */
    void add(long endNanos, long latencyNanos, long keyHash, long told) {
        ReadChunk chunk = open.get();
        while (!chunk.add(endNanos, latencyNanos, keyHash, told)) {
            chunk = following(chunk);
        }
    }

    /** The chunk that took the place of one that was full or sealed. */
    private ReadChunk following(ReadChunk old) {
        ReadChunk current = open.get();
        if (current != old) {
            return current;
        }
        ReadChunk next = new ReadChunk(nextCapacity, outlet.wallClock());
        if (!open.compareAndSet(old, next)) {
            return open.get();
        }
        if (old == ReadChunk.NONE) {
            outlet.begun(this);
        } else {
            nextCapacity = Math.min(4 * old.capacity(), MAX_CHUNK);
            outlet.full(dimension, old);
        }
        return next;
    }

    /** What there is, sealed. To be called once each time that reads have begun. */
    ReadChunk take() {
        ReadChunk chunk = open.getAndSet(ReadChunk.NONE);
        chunk.seal();
        if (chunk.size() < chunk.capacity() / 4) {
            nextCapacity = Math.max(MIN_CHUNK, chunk.capacity() / 4);
        }
        return chunk;
    }
}
