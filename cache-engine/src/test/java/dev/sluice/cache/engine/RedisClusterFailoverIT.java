package dev.sluice.cache.engine;

import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.ReplicatedRedis;
import java.util.stream.Stream;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The other masters of a Redis Cluster have the replica of one take over. */
class RedisClusterFailoverIT extends FailoverContract {

    private final IsolatedRedisCluster redis = LocalRedis.newClusterWithReplica();

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
        return Stream.generate(Samples::newKey)
                .filter(one -> redis.masterOf(nameOf(one)) == redis.master())
                .findFirst()
                .orElseThrow();
    }

    @Override
    String nameOf(CacheKey one) {
        return RedisByHand.nameOf(RedisConnections.CLUSTER, one);
    }
}
