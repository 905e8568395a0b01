package dev.sluice.cache.engine;

import java.time.Duration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;

/** The second level in Redis: one string per entry, changed by scripts alone. */
public final class RedisSecondLevel implements SecondLevel {

    private final ReactiveRedisConnectionFactory connections;

    public RedisSecondLevel(ReactiveRedisConnectionFactory connections) {
        this.connections = connections;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key + connections));
    }

    @Override
    public Mono<Written> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key));
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key));
    }
}
