package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.HitObserver;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.event.ReadBuffer.Dimension;
import dev.sluice.cache.event.ReadChunk.WallClock;
import dev.sluice.platform.kafka.BatchLimits;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * Puts every read on the log, in batches of one key pattern. Never blocks a read: it is an entry in the buffer of its
 * pattern, and what does not fit while Kafka is away is dropped and counted by {@link BatchingPublisher}. Thread-safe.
 */
final class ReadPublisher implements CacheObserver, AutoCloseable {

    private static final Dimension NOWHERE = new Dimension("", "", "");

    /** A million reads are 32 MB. */
    private static final BatchLimits LIMITS =
            new BatchLimits(Duration.ofMillis(100), ReadBuffer.MAX_CHUNK, 1_000_000, 64, Duration.ofSeconds(10));

    private final KeyPatterns patterns;
    private final InstantSource clock;
    private final BatchingPublisher<Dimension, ReadChunk> batches;
    private final Queue<ReadBuffer> begun = new ConcurrentLinkedQueue<>();
    private final ReadBuffer nowhere = new ReadBuffer(NOWHERE, new Drain());
    private volatile WallClock wallClock;
    private volatile boolean closed;

    ReadPublisher(RecordPublishers publishers, EventProperties properties, InstantSource clock, String node) {
        Outlet outlet = new Outlet();
        this.patterns = new KeyPatterns(
                properties.maxNamespaces(), properties.maxPatterns(), dimension -> new ReadBuffer(dimension, outlet));
        this.clock = clock;
        this.wallClock = WallClock.of(clock);
        RecordPublisher<CacheReadBatch> topic = publishers.to(Topics.CACHE_READS);
        this.batches = publishers.batching(
                "cache-reads",
                (dimension, chunks) -> topic.publish(dimension.recordKey(), ReadBatch.of(dimension, node, chunks)),
                LIMITS,
                ReadChunk::size,
                this::takeAll);
    }

    @Override
    public void onRead(CacheKey key, ReadResult result, long latencyNanos) {
        bufferOf(key).add(System.nanoTime(), result.outcome(), latencyNanos, sizeOf(result), KeyHash.of(key));
    }

    @Override
    public HitObserver hitsOf(CacheKey key, ReadResult result) {
        return bufferOf(key);
    }

    /** Publishes what there is, for a bounded time. What is left, and what is read after that, is counted as dropped. */
    @Override
    public void close() {
        batches.close();
        closed = true;
        nowhere.forget();
        patterns.forgetAll();
        dropAll();
    }

    private ReadBuffer bufferOf(CacheKey key) {
        return closed ? lost() : patterns.of(key.tenant(), key.namespace(), key.key());
    }

    /**
     * The read that comes next is counted; where it goes then nobody looks, and whoever has another asks here again. Copies that
     * were told of a buffer before the end have put one read each into that.
     */
    private ReadBuffer lost() {
        ReadChunk one = new ReadChunk(1, wallClock);
        boolean _ = one.add(0, ReadOutcome.MISS, 0, 0, 0);
        boolean _ = batches.offer(NOWHERE, one);
        dropAll();
        return nowhere;
    }

    /** After the end nothing is taken: what is offered is counted. */
    private synchronized void dropAll() {
        takeAll((dimension, chunk) -> {
            boolean _ = batches.offer(dimension, chunk);
        });
    }

    private static long sizeOf(ReadResult result) {
        return result.entry().map(entry -> entry.value().size()).orElse(0);
    }

    /** What has gathered in the buffers, on the thread of the batches. */
    private void takeAll(BiConsumer<Dimension, ReadChunk> batch) {
        wallClock = WallClock.of(clock);
        // What begins meanwhile is for the next time.
        for (int left = begun.size(); left > 0; left--) {
            ReadBuffer buffer = begun.remove();
            ReadChunk chunk = buffer.take();
            if (chunk.size() > 0) {
                batch.accept(buffer.dimension(), chunk);
            }
        }
    }

    /** Takes what nobody wants any more. */
    private final class Drain implements ReadBuffer.Outlet {

        @Override
        public WallClock wallClock() {
            return wallClock;
        }

        @Override
        public void begun(ReadBuffer buffer) {}

        @Override
        public void full(Dimension dimension, ReadChunk chunk) {}
    }

    private final class Outlet implements ReadBuffer.Outlet {

        @Override
        public WallClock wallClock() {
            return wallClock;
        }

        @Override
        public void begun(ReadBuffer buffer) {
            begun.add(buffer);
        }

        @Override
        public void full(Dimension dimension, ReadChunk chunk) {
            // Whether it was taken is counted by the publisher; a read has nobody to tell.
            boolean _ = batches.offer(dimension, chunk);
        }
    }
}
