package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.schemas.Topics;

/** Hears from the log what other gateways have removed. */
final class RemovalListener {

    private RemovalListener() {}

    /** @param self whose own removals are passed over */
    static LogFollower follow(LogFollowers followers, String self, Peers.Listener listener) {
        return followers.follow(
                Topics.RESPONSE_REMOVALS, record -> hear(record.value(), self, listener), listener::missedSome);
    }

    private static void hear(CacheInvalidation removal, String self, Peers.Listener listener) {
        if (!removal.getNode().equals(self)) {
            listener.removed(new CacheKey(removal.getTenant(), removal.getNamespace(), removal.getKey()));
        }
    }
}
