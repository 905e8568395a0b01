package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.tier.TierTable;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Wires the limits. */
@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    /** Without it, commands wait for the connection to come back, and are then all sent though nobody waits for them. */
    @Bean
    LettuceClientOptionsBuilderCustomizer failWhileDisconnected() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    LimitCatalogue limitCatalogue(TierTable tiers) {
        return new LimitCatalogue(tiers);
    }

    @Bean
    RateLimiter rateLimiter(
            ReactiveStringRedisTemplate redis,
            RateLimitProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        return new RateLimiter(
                new RedisSharedLimits(redis),
                new LocalLimits(properties.gateways(), properties.maxLocalTenants(), clock),
                new Breaker(properties.breakerFailures(), properties.breakerPause(), clock),
                properties.deadline(),
                meters);
    }

    @Bean
    RateLimitFilter rateLimitFilter(LimitCatalogue catalogue, RateLimiter limiter) {
        return new RateLimitFilter(catalogue, limiter);
    }
}
