package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;

/** Asks Redis, where a service has one. Every service goes on without it, less well. */
@AutoConfiguration(
        before = HealthAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration")
@ConditionalOnClass(ReactiveRedisConnectionFactory.class)
class RedisCheckConfiguration {

    private static final Finding SILENT = Finding.failing("Redis does not answer");

    @Bean
    @ConditionalOnSingleCandidate(ReactiveRedisConnectionFactory.class)
    @ConditionalOnMissingBean(name = "redisHealthCheck")
    HealthCheck redisHealthCheck(ReactiveRedisConnectionFactory connections) {
        return HealthCheck.of(
                "redis",
                Weight.SUPPORTING,
                () -> Mono.usingWhen(
                                Mono.fromSupplier(connections::getReactiveConnection),
                                ReactiveRedisConnection::ping,
                                ReactiveRedisConnection::closeLater)
                        .map(pong -> Finding.well("Redis answers"))
                        .onErrorReturn(SILENT)
                        .blockOptional()
                        .orElse(SILENT));
    }
}
