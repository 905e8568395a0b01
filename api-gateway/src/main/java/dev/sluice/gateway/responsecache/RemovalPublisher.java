package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Tells all gateways what one has removed. What the log did not confirm is told again until it does; late and repeated
 * removals cost an answer, and nothing else. Thread-safe; never blocks.
 */
final class RemovalPublisher {

    private final RecordPublisher<CacheInvalidation> topic;
    private final BatchingPublisher<String, CacheInvalidation> unconfirmed;
    private final InstantSource clock;
    private final String gateway;

    /** @param gateway that others tell it by; it passes its own removals over */
    RemovalPublisher(RecordPublishers publishers, InstantSource clock, String gateway) {
        this.topic = publishers.to(Topics.RESPONSE_REMOVALS);
        this.unconfirmed = publishers.batching(
                "response-removals-again", (key, removals) -> topic.publish(key, newestOf(removals)));
        this.clock = clock;
        this.gateway = gateway;
    }

    void publish(CacheKey key, long version) {
        CacheInvalidation removal = CacheInvalidation.newBuilder()
                .setTenant(key.tenant())
                .setNamespace(key.namespace())
                .setKey(key.key())
                .setVersion(version)
                .setNode(gateway)
                .setAt(clock.instant())
                .build();
        String recordKey = key.tenant() + "|" + key.namespace() + "|" + key.key();
        CompletableFuture<RecordMetadata> sent = topic.publish(recordKey, removal);
        CompletableFuture<RecordMetadata> _ = sent.whenComplete((metadata, failure) -> {
            if (failure != null) {
                // Counted by the publisher when it cannot be held; copies then live for as long as they may unasked.
                boolean _ = unconfirmed.offer(recordKey, removal);
            }
        });
    }

    /** One tells as much as all of them. */
    private static CacheInvalidation newestOf(List<CacheInvalidation> removals) {
        return removals.getLast();
    }
}
