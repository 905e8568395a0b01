package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.newKey;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisSentinel;
import dev.sluice.platform.test.LocalRedis;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A real Sentinel has the replica take over. */
class RedisFailoverIT extends FailoverContract {

    private final IsolatedRedisSentinel redis = LocalRedis.newWithSentinel();

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

    @Override
    IsolatedRedis replica() {
        return redis.replica();
    }

    @Override
    void awaitReplica() {
        redis.awaitReplica();
    }

    @Override
    void partReplica() {
        redis.partReplica();
    }

    @Override
    void failOver() {
        redis.master().kill();
        redis.awaitTakeover();
    }

    @Override
    void closeRedis() {
        redis.close();
    }
}
