package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hears from the log what other nodes have changed, and drops this node's older copies. */
final class InvalidationListener {

    private final TwoLevelCache cache;
    private final KeyFates fates;
    private final String node;

    private InvalidationListener(TwoLevelCache cache, KeyFates fates, String node) {
        this.cache = cache;
        this.fates = fates;
        this.node = node;
    }

    static LogFollower follow(LogFollowers followers, TwoLevelCache cache, KeyFates fates, String node) {
        InvalidationListener listener = new InvalidationListener(cache, fates, node);
        return followers.follow(Topics.CACHE_INVALIDATIONS, listener::onRecord);
    }

    private void onRecord(ConsumerRecord<String, CacheInvalidation> record) {
        CacheInvalidation invalidation = record.value();
        if (!invalidation.getNode().equals(node)) {
            CacheKey key = new CacheKey(invalidation.getTenant(), invalidation.getNamespace(), invalidation.getKey());
            cache.invalidate(key, invalidation.getVersion());
            ChangeMark.of(record.headers()).tell(fates, key, invalidation);
        }
    }
}
