package dev.sluice.cache.engine;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.IsolatedRedisSentinel;
import dev.sluice.platform.test.LocalRedis;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The driver as a service would set it up. */
final class RedisConnections {

    /** What things are called in one Redis. */
    static final RedisNames ONE = new RedisNames(false);

    /** What things are called in a cluster. */
    static final RedisNames CLUSTER = new RedisNames(true);

    private static final ClientResources RESOURCES =
            ClientResources.builder().nettyCustomizer(new SteadyReads()).build();

    private RedisConnections() {}

    static LettuceConnectionFactory to(LocalRedis redis) {
        return to(redis.host(), redis.port());
    }

    static LettuceConnectionFactory to(IsolatedRedis redis) {
        return to(redis.host(), redis.port());
    }

    static LettuceConnectionFactory to(IsolatedRedis redis, ProtocolVersion version) {
        return to(
                new RedisStandaloneConfiguration(redis.host(), redis.port()),
                ClientOptions.builder().protocolVersion(version));
    }

    static LettuceConnectionFactory to(IsolatedRedisCluster cluster) {
        List<String> nodes = List.of(cluster.nodes().split(",", -1));
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(Duration.ofSeconds(1))
                .build();
        return to(
                new RedisClusterConfiguration(nodes),
                ClusterClientOptions.builder().topologyRefreshOptions(refresh));
    }

    static LettuceConnectionFactory to(IsolatedRedisSentinel sentinel) {
        return to(new RedisSentinelConfiguration(sentinel.name(), Set.of(sentinel.nodes())), ClientOptions.builder());
    }

    private static LettuceConnectionFactory to(String host, int port) {
        return to(new RedisStandaloneConfiguration(host, port), ClientOptions.builder());
    }

    private static LettuceConnectionFactory to(RedisConfiguration where, ClientOptions.Builder options) {
        LettuceClientConfiguration client = LettuceClientConfiguration.builder()
                .clientResources(RESOURCES)
                .clientOptions(RedisClientOptions.harden(options).build())
                .build();
        LettuceConnectionFactory factory = new LettuceConnectionFactory(where, client);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
