package dev.sluice.cache.engine;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.ClientResources;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The driver as a service would set it up. */
final class RedisConnections {

    private static final ClientResources RESOURCES =
            ClientResources.builder().nettyCustomizer(new SteadyReads()).build();

    private RedisConnections() {}

    static LettuceConnectionFactory to(LocalRedis redis) {
        return to(redis.host(), redis.port());
    }

    static LettuceConnectionFactory to(IsolatedRedis redis) {
        return to(redis.host(), redis.port());
    }

    private static LettuceConnectionFactory to(String host, int port) {
        LettuceClientConfiguration client = LettuceClientConfiguration.builder()
                .clientResources(RESOURCES)
                .clientOptions(
                        RedisClientOptions.harden(ClientOptions.builder()).build())
                .build();
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(host, port), client);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
