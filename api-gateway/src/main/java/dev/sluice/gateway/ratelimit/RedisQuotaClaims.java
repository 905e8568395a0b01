package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Claims in Redis, beside the counts of the tenant. Thread-safe. */
final class RedisQuotaClaims implements QuotaClaims {

    private final ReactiveStringRedisTemplate redis;

    RedisQuotaClaims(ReactiveStringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public Mono<Boolean> claim(String tenant, String noticeId, Duration life) {
        return Mono.defer(() ->
                        redis.opsForValue().setIfAbsent(RedisSharedLimits.keyOf(tenant) + ":" + noticeId, "told", life))
                // The first use of the connection factory waits for the connection.
                .subscribeOn(Schedulers.boundedElastic());
    }
}
