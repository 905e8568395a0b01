package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hears from the log what other nodes have changed, and drops this node's older copies. */
final class InvalidationListener {

    private final TwoLevelCache cache;
    private final String node;

    private InvalidationListener(TwoLevelCache cache, String node) {
        this.cache = cache;
        this.node = node;
    }

    static LogFollower follow(LogFollowers followers, TwoLevelCache cache, String node) {
        InvalidationListener listener = new InvalidationListener(cache, node);
        return followers.follow(Topics.CACHE_INVALIDATIONS, listener::onRecord);
    }

    private void onRecord(ConsumerRecord<String, CacheInvalidation> record) {
        CacheInvalidation invalidation = record.value();
        if (!invalidation.getNode().equals(node)) {
            cache.invalidate(
                    new CacheKey(invalidation.getTenant(), invalidation.getNamespace(), invalidation.getKey()),
                    invalidation.getVersion());
        }
    }
}
