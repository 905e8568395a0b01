package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Tells every node that copies of a key are stale. What the log did not confirm is told again until it does, so that
 * other nodes hear of it as soon as Kafka is back; late and repeated announcements are harmless, since each carries its
 * version. Thread-safe; never blocks.
 */
final class InvalidationPublisher {

    /** Newer than any. */
    private static final long ANY_VERSION = Long.MAX_VALUE;

    private final RecordPublisher<CacheInvalidation> topic;
    private final BatchingPublisher<String, CacheInvalidation> unconfirmed;
    private final InstantSource clock;
    private final String node;

    InvalidationPublisher(RecordPublishers publishers, InstantSource clock, String node) {
        this.topic = publishers.to(Topics.CACHE_INVALIDATIONS);
        this.unconfirmed = publishers.batching(
                "cache-invalidations-again", (key, records) -> topic.publish(key, newestOf(records)));
        this.clock = clock;
        this.node = node;
    }

    /**
     * Completes once all in-sync replicas have it; fails as {@link RecordPublisher#publish} says.
     *
     * @param change what was done, which other nodes remember to tell why the key is missed
     */
    CompletableFuture<?> publish(CacheKey key, long version, ChangeMark change) {
        CacheInvalidation record = CacheInvalidation.newBuilder()
                .setTenant(key.tenant())
                .setNamespace(key.namespace())
                .setKey(key.key())
                .setVersion(version)
                .setNode(node)
                .setAt(clock.instant())
                .build();
        String recordKey = key.tenant() + "|" + key.namespace() + "|" + key.key();
        CompletableFuture<RecordMetadata> sent = topic.publish(recordKey, record, change.headers());
        CompletableFuture<RecordMetadata> _ = sent.whenComplete((metadata, failure) -> {
            if (failure != null) {
                // Counted by the publisher when it cannot be held; copies then live for their first-level time.
                boolean _ = unconfirmed.offer(recordKey, record);
            }
        });
        return sent;
    }

    /**
     * Says that an entry may have changed when nobody knows: a change was asked for and no answer came. No clock of a
     * node says which version it would have, so whatever copy there is goes. Should the change be made later, its intent
     * tells of it.
     */
    void publishDoubt(CacheKey key) {
        CompletableFuture<?> _ = publish(key, ANY_VERSION, ChangeMark.UNTOLD);
    }

    private static CacheInvalidation newestOf(List<CacheInvalidation> records) {
        return records.stream()
                .max(Comparator.comparingLong(CacheInvalidation::getVersion))
                .orElseThrow();
    }
}
