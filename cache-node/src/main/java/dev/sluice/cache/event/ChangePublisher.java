package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheChangeKind;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Puts every change of an entry on the log, one record each, those of one key in order, and remembers it. Thread-safe; never blocks. */
public final class ChangePublisher {

    private final RecordPublisher<CacheChange> changes;
    private final KeyFates fates;
    private final InstantSource clock;
    private final String node;

    ChangePublisher(RecordPublishers publishers, KeyFates fates, InstantSource clock, String node) {
        this.changes = publishers.to(Topics.CACHE_CHANGES);
        this.fates = fates;
        this.clock = clock;
        this.node = node;
    }

    /** Completes once all in-sync replicas have the change; fails as {@link RecordPublisher#publish} says. */
    public CompletableFuture<?> publishSet(CacheKey key, CacheEntry entry, Duration ttl) {
        fates.stored(key, entry);
        return publish(
                key,
                start(key, entry.version())
                        .setKind(CacheChangeKind.SET)
                        .setSizeBytes(entry.value().size())
                        .setTtlMillis(ttl.toMillis())
                        .setTags(entry.value().tags())
                        .build());
    }

    /** As {@link #publishSet}, of a value that a read has made. */
    public CompletableFuture<?> publishLoad(CacheKey key, CacheEntry entry) {
        fates.stored(key, entry);
        return publish(
                key,
                start(key, entry.version())
                        .setKind(CacheChangeKind.LOAD)
                        .setSizeBytes(entry.value().size())
                        .setTtlMillis(entry.lifetime().fresh().toMillis())
                        .setTags(entry.value().tags())
                        .build());
    }

    /** As {@link #publishSet}; the version is the one of the deletion. */
    public CompletableFuture<?> publishDelete(CacheKey key, long version) {
        fates.removed(key, version);
        return publish(
                key,
                start(key, version)
                        .setKind(CacheChangeKind.DELETE)
                        .setSizeBytes(0)
                        .setTtlMillis(null)
                        .build());
    }

    private CompletableFuture<?> publish(CacheKey key, CacheChange change) {
        return changes.publish(key.tenant() + "|" + key.namespace() + "|" + key.key(), change);
    }

    private CacheChange.Builder start(CacheKey key, long version) {
        Instant now = clock.instant();
        return CacheChange.newBuilder()
                .setTenant(key.tenant())
                .setNamespace(key.namespace())
                .setKey(key.key())
                .setVersion(version)
                .setNode(node)
                .setAt(now);
    }
}
