package dev.sluice.cache.example;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.MemoryGauge;
import dev.sluice.cache.engine.RedisClientOptions;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SteadyReads;
import dev.sluice.cache.engine.TwoLevelCache;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

// README: begin
/** The ways to set up a cache. */
final class Caches {

    private static final CacheSettings SETTINGS = CacheSettings.defaults().withFirstLevelMaxBytes(64L << 20);

    /** One for all connections of a process: it has the threads. */
    private static final ClientResources RESOURCES =
            ClientResources.builder().nettyCustomizer(new SteadyReads()).build();

    private Caches() {}

    /** One process, no Redis: all that a cache does, for this process alone. */
    static TwoLevelCache alone() {
        return TwoLevelCache.builder(SETTINGS).memory(MemoryGauge.ofHeap()).build();
    }

    /** Copies in this process, entries in Redis. */
    static TwoLevelCache over(LettuceConnectionFactory redis) {
        return TwoLevelCache.builder(SETTINGS)
                .secondLevel(new RedisSecondLevel(redis))
                .memory(MemoryGauge.ofHeap())
                .build();
    }

    static LettuceConnectionFactory standalone(String host, int port) {
        return connections(new RedisStandaloneConfiguration(host, port), ClientOptions.builder());
    }

    /** The master is found by its name, and found again after a failover. */
    static LettuceConnectionFactory sentinel(String master, List<String> sentinels) {
        RedisSentinelConfiguration configuration = new RedisSentinelConfiguration().master(master);
        sentinels.forEach(address -> configuration.sentinel(
                address.substring(0, address.lastIndexOf(':')),
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))));
        return connections(configuration, ClientOptions.builder());
    }

    /** Without {@code RedisSecondLevel.withIntents} and {@code RedisSweep}: those need one Redis. */
    static LettuceConnectionFactory cluster(List<String> nodes) {
        return connections(new RedisClusterConfiguration(nodes), ClusterClientOptions.builder());
    }

    private static LettuceConnectionFactory connections(RedisConfiguration where, ClientOptions.Builder options) {
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
// README: end
