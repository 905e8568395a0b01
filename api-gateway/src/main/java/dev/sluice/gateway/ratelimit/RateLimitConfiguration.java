package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.gateway.tier.TierTable;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import dev.sluice.record.Tenant;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
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
    LimitCatalogue limitCatalogue(
            TierTable tiers, TenantTable tenants, ApiKeyTable keys, RateLimitProperties properties) {
        return new LimitCatalogue(
                tiers,
                tenant -> tenants.find(tenant).map(Tenant::getLimits).orElse(List.of()),
                key -> keys.find(key).map(ApiKey::getLimits).orElse(List.of()),
                properties.maxLocalTenants());
    }

    @Bean
    GuardedLimits sharedLimits(
            ReactiveStringRedisTemplate redis,
            RateLimitProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        Breaker breaker = new Breaker(properties.breakerFailures(), properties.breakerPause(), clock);
        return new GuardedLimits(new RedisSharedLimits(redis), breaker, properties.deadline(), meters);
    }

    @Bean(destroyMethod = "")
    LeaseDesk leaseDesk(
            GuardedLimits shared, RateLimitProperties properties, InstantSource clock, MeterRegistry meters) {
        return new LeaseDesk(
                shared,
                LeaseTerms.DEFAULT,
                properties.maxLocalTenants(),
                LeaseHolders.ofThisProcess(),
                LeaseDesk.monotonicMicros(),
                clock,
                meters);
    }

    @Bean
    LeaseReturn leaseReturn(LeaseDesk desk) {
        return new LeaseReturn(desk);
    }

    @Bean
    RateLimiter rateLimiter(
            GuardedLimits shared,
            LeaseDesk desk,
            RateLimitProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        LocalLimits local = new LocalLimits(properties.gateways(), properties.maxLocalTenants(), clock);
        return new RateLimiter(shared, desk, local, properties.leaseFrom(), meters);
    }

    @Bean
    QuotaEventPublisher quotaEventPublisher(RecordPublishers publishers, StrictJson json, MeterRegistry meters) {
        return new QuotaEventPublisher(publishers, json, meters);
    }

    @Bean
    QuotaWatch quotaWatch(
            ReactiveStringRedisTemplate redis,
            GuardedLimits shared,
            QuotaEventPublisher publisher,
            RateLimitProperties properties,
            InstantSource clock) {
        return new QuotaWatch(
                new RedisQuotaClaims(redis),
                publisher,
                shared::isAway,
                properties.warningPercent(),
                properties.maxLocalTenants(),
                clock);
    }

    @Bean
    LimitChecks limitChecks(
            TenantTable tenants, ApiKeyTable keys, LimitCatalogue catalogue, RateLimiter limiter, QuotaWatch quotas) {
        return new LimitChecks(new LimitOwners(tenants, keys), catalogue, limiter, quotas);
    }

    @Bean
    RateLimitFilter rateLimitFilter(
            LimitCatalogue catalogue,
            RateLimiter limiter,
            QuotaWatch quotas,
            ClientAddresses addresses,
            RateLimitProperties properties) {
        AnonymousCallers anonymous = new AnonymousCallers(addresses, properties.anonymousTier());
        return new RateLimitFilter(catalogue, limiter, quotas, anonymous);
    }
}
