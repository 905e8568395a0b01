package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * Puts every read on the log, in batches of one key pattern. Never blocks a read: an offer is one enqueue, and what
 * does not fit while Kafka is away is dropped and counted by {@link BatchingPublisher}. Thread-safe.
 */
final class ReadPublisher implements CacheObserver {

    private final KeyPatterns patterns;
    private final InstantSource clock;
    private final BatchingPublisher<Dimension, Read> batches;

    ReadPublisher(RecordPublishers publishers, KeyPatterns patterns, InstantSource clock, String node) {
        this.patterns = patterns;
        this.clock = clock;
        RecordPublisher<CacheReadBatch> topic = publishers.to(Topics.CACHE_READS);
        this.batches = publishers.batching(
                "cache-reads",
                (dimension, reads) -> topic.publish(dimension.recordKey(), batchOf(dimension, node, reads)));
    }

    @Override
    public void onRead(CacheKey key, ReadResult result, long latencyNanos) {
        String pattern = patterns.patternOf(key.tenant(), key.namespace(), key.key());
        Read read = new Read(
                clock.instant(),
                outcomeOf(result.outcome()),
                latencyNanos,
                result.entry().map(entry -> entry.value().size()).orElse(0),
                KeyHash.of(key));
        // Whether it was taken is counted by the publisher; a read has nobody to tell.
        boolean _ = batches.offer(new Dimension(key.tenant(), key.namespace(), pattern), read);
    }

    /** Threads race to the batch, so the reads are put in the order in which they ended. */
    static CacheReadBatch batchOf(Dimension dimension, String node, List<Read> reads) {
        List<Read> ordered =
                reads.stream().sorted(Comparator.comparing(Read::endedAt)).toList();
        Instant first = ordered.getFirst().endedAt.truncatedTo(ChronoUnit.MICROS);
        return CacheReadBatch.newBuilder()
                .setTenant(dimension.tenant)
                .setNamespace(dimension.namespace)
                .setPattern(dimension.pattern)
                .setNode(node)
                .setFirstAt(first)
                .setEntries(ordered.stream().map(read -> entryOf(read, first)).toList())
                .build();
    }

    private static CacheRead entryOf(Read read, Instant first) {
        return CacheRead.newBuilder()
                .setOffsetMicros(ChronoUnit.MICROS.between(first, read.endedAt))
                .setOutcome(read.outcome)
                .setLatencyNanos(read.latencyNanos)
                .setSizeBytes(read.sizeBytes)
                .setKeyHash(read.keyHash)
                .build();
    }

    private static CacheOutcome outcomeOf(ReadOutcome outcome) {
        return switch (outcome) {
            case L1_HIT -> CacheOutcome.L1_HIT;
            case L2_HIT -> CacheOutcome.L2_HIT;
            case STALE -> CacheOutcome.STALE;
            case MISS -> CacheOutcome.MISS;
            case NEGATIVE -> CacheOutcome.NEGATIVE;
            case ERROR -> CacheOutcome.ERROR;
        };
    }

    /** What the reads of one batch share. */
    record Dimension(String tenant, String namespace, String pattern) {
        String recordKey() {
            return tenant + "|" + namespace + "|" + pattern;
        }
    }

    /** One read on its way to the log. */
    record Read(Instant endedAt, CacheOutcome outcome, long latencyNanos, long sizeBytes, long keyHash) {}
}
