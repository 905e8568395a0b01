package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.newKey;

import dev.sluice.platform.test.IsolatedRedisSentinel;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.ReplicatedRedis;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A real Sentinel has the replica take over. */
class RedisFailoverIT extends FailoverContract {

    private final IsolatedRedisSentinel redis = LocalRedis.newWithSentinel();

    @Override
    ReplicatedRedis redis() {
        return redis;
    }

    @Override
    LettuceConnectionFactory connect() {
        return RedisConnections.to(redis);
    }

    @Override
    CacheKey keyOfTheMaster() {
        return newKey();
    }

    @Override
    String nameOf(CacheKey one) {
        return RedisByHand.nameOf(one);
    }
}
