package dev.sluice.cache.engine;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import java.util.stream.Stream;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The other masters of a Redis Cluster have the replica of one take over. */
class RedisClusterFailoverIT extends FailoverContract {

    private final IsolatedRedisCluster redis = LocalRedis.newClusterWithReplica();

    @Override
    LettuceConnectionFactory connect() {
        return RedisConnections.to(redis);
    }

    @Override
    CacheKey keyOfTheMaster() {
        return Stream.generate(Samples::newKey)
                .filter(one -> redis.masterOf(nameOf(one)) == redis.masters().getFirst())
                .findFirst()
                .orElseThrow();
    }

    @Override
    String nameOf(CacheKey one) {
        return RedisByHand.nameOf(RedisConnections.CLUSTER, one);
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
        redis.masters().getFirst().kill();
        redis.awaitTakeover();
    }

    @Override
    void closeRedis() {
        redis.close();
    }
}
