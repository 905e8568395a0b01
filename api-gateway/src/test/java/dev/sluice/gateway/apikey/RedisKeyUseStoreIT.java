package dev.sluice.gateway.apikey;

import dev.sluice.platform.test.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

class RedisKeyUseStoreIT implements KeyUseStoreContract {

    private final LettuceConnectionFactory connections = connect();
    private final RedisKeyUseStore store = new RedisKeyUseStore(new ReactiveStringRedisTemplate(connections));

    private static LettuceConnectionFactory connect() {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(new RedisStandaloneConfiguration(
                LocalRedis.shared().host(), LocalRedis.shared().port()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    @AfterEach
    void disconnect() {
        connections.destroy();
    }

    @Override
    public KeyUseStore store() {
        return store;
    }
}
