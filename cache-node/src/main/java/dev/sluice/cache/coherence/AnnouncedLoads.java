package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.HitObserver;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.WriteIntents;
import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.cache.event.ChangePublisher;
import java.util.concurrent.CompletableFuture;

/**
 * Announces what reads have loaded, and what was removed after an outage: another node may hold a copy of what was there before.
 * No reader waits for it; should this process die first, the intent in Redis tells of it.
 */
final class AnnouncedLoads implements CacheObserver {

    private final CacheObserver reads;
    private final InvalidationPublisher invalidations;
    private final ChangePublisher changes;
    private final WriteIntents intents;

    AnnouncedLoads(
            CacheObserver reads, InvalidationPublisher invalidations, ChangePublisher changes, WriteIntents intents) {
        this.reads = reads;
        this.invalidations = invalidations;
        this.changes = changes;
        this.intents = intents;
    }

    @Override
    public void onRead(CacheKey key, ReadResult result, long latencyNanos) {
        reads.onRead(key, result, latencyNanos);
    }

    @Override
    public HitObserver hitsOf(CacheKey key, ReadResult result) {
        return reads.hitsOf(key, result);
    }

    @Override
    public void onLoaded(CacheKey key, PutResult result) {
        CompletableFuture<?> _ = changes.publishLoad(key, result.entry());
        announce(key, result.entry().version(), ChangeMark.stored(result.entry()));
    }

    @Override
    public void onRemoved(CacheKey key, DeleteResult result) {
        if (result.existed()) {
            CompletableFuture<?> _ = changes.publishDelete(key, result.version());
        }
        announce(key, result.version(), ChangeMark.removed(result));
    }

    private void announce(CacheKey key, long version, ChangeMark change) {
        CompletableFuture<?> _ =
                invalidations.publish(key, version, change).thenRun(() -> intents.fulfil(new Intent(key, version)));
    }
}
