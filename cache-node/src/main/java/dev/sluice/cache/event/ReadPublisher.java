package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.HitObserver;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.event.ReadBuffer.Dimension;
import dev.sluice.cache.event.ReadChunk.WallClock;
import dev.sluice.platform.kafka.BatchLimits;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
    private final KeyFates fates;
    private final InstantSource clock;
    private final BatchingPublisher<Dimension, ReadChunk> batches;
    private final Queue<ReadBuffer> begun = new ConcurrentLinkedQueue<>();
    private final ReadBuffer nowhere = new ReadBuffer(NOWHERE, new Drain());
    private volatile WallClock wallClock;
    private volatile boolean closed;

    ReadPublisher(
            RecordPublishers publishers, EventProperties properties, KeyFates fates, InstantSource clock, String node) {
        Outlet outlet = new Outlet();
        this.patterns = new KeyPatterns(
                properties.maxNamespaces(), properties.maxPatterns(), dimension -> new ReadBuffer(dimension, outlet));
        this.fates = fates;
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
        long hash = KeyHash.of(key);
        CacheEntry entry = result.entry().orElse(null);
        int size = entry == null ? 0 : entry.value().size();
        boolean isMiss = result.outcome() == ReadOutcome.MISS;
        if (!isMiss && result.outcome() != ReadOutcome.L2_HIT) {
            bufferOf(key).add(System.nanoTime(), result.outcome(), latencyNanos, size, hash);
            return;
        }
        MissClass why = isMiss ? whyMissed(key, hash, entry, latencyNanos) : MissClass.UNKNOWN;
        if (!isMiss && entry != null) {
            fates.stored(key, entry);
        }
        long loadMicros =
                entry == null ? 0 : TimeUnit.NANOSECONDS.toMicros(entry.cost().toNanos());
        bufferOf(key)
                .add(System.nanoTime(), latencyNanos, hash, ReadChunk.told(result.outcome(), size, why, loadMicros));
    }

    /** Versions are microseconds since 1970, of the clock of Redis: that of a value which the read has made is known, whatever this clock says. */
    private MissClass whyMissed(CacheKey key, long hash, @Nullable CacheEntry made, long latencyNanos) {
        long nowMillis = clock.millis();
        long begun = TimeUnit.MILLISECONDS.toMicros(nowMillis) - TimeUnit.NANOSECONDS.toMicros(latencyNanos);
        return fates.ofMiss(key, hash, made == null ? begun : Math.min(begun, made.version()), nowMillis);
    }

    @Override
    public HitObserver hitsOf(CacheKey key, ReadResult result) {
        result.entry().ifPresent(entry -> fates.stored(key, entry));
        return bufferOf(key);
    }

    @Override
    public void onLoaded(CacheKey key, PutResult result) {
        fates.stored(key, result.entry());
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
