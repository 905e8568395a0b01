package dev.sluice.gateway.ratelimit;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateAdapter;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Hears at once of connections to Redis that break: whoever answers over the next one may not be who answered before. */
final class RedisConnections {

    private RedisConnections() {}

    /** The listener is run before a new connection can be there. */
    static void onLoss(ReactiveRedisConnectionFactory connections, Runnable listener) {
        if (connections instanceof LettuceConnectionFactory lettuce) {
            lettuce.getRequiredNativeClient().addListener(new RedisConnectionStateAdapter() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                    // One that this gateway closed itself tells nothing, as those are by which it asks a cluster for
                    // its masters.
                    if (!connection.isClosed()) {
                        listener.run();
                    }
                }
            });
        }
    }
}
