package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.fleet.Fleet;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.gateway.tier.TierTable;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import dev.sluice.record.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Wires the limits. */
@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    /** Of an hour and longer; few tenants have more. */
    private static final long WINDOWS_A_TENANT = 4;

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
    Breaker sharedLimitsBreaker(RateLimitProperties properties) {
        return new Breaker(properties.breakerFailures());
    }

    @Bean
    LimitFloors limitFloors(RateLimitProperties properties, InstantSource clock, MeterRegistry meters) {
        return new LimitFloors(WINDOWS_A_TENANT * properties.maxLocalTenants(), clock, meters);
    }

    @Bean
    UsageListener usageListener(LogFollowers followers, LimitFloors floors, InstantSource clock, MeterRegistry meters) {
        return new UsageListener(followers, floors, clock, meters);
    }

    @Bean
    ChargePublisher chargePublisher(RecordPublishers publishers, InstantSource clock) {
        return new ChargePublisher(publishers, UUID.randomUUID().toString().substring(0, 13), clock);
    }

    @Bean
    GuardedLimits sharedLimits(
            ReactiveStringRedisTemplate redis,
            RedisChannels channels,
            LimitFloors floors,
            Breaker breaker,
            RateLimitProperties properties,
            MeterRegistry meters) {
        return new GuardedLimits(
                new RedisSharedLimits(redis, channels, floors),
                breaker,
                properties.patience(),
                properties.deadline(),
                LeaseDesk.monotonicMicros(),
                meters);
    }

    @Bean
    GatewayCount gatewayCount(Fleet fleet, RateLimitProperties properties) {
        return new GatewayCount(fleet::size, properties.gateways());
    }

    @Bean
    ReturnWatch returnWatch(
            ReactiveStringRedisTemplate redis,
            GuardedLimits shared,
            Breaker breaker,
            LeaseDesk desk,
            GatewayCount gateways,
            RateLimitProperties properties,
            MeterRegistry meters) {
        ReturnWatch watch = new ReturnWatch(
                shared, breaker, desk, gateways, LeaseHolders.ofThisProcess().get(), properties.grace(), meters);
        RedisConnections.onLoss(redis.getConnectionFactory(), watch::connectionBroke);
        watch.start(properties.breakerPause());
        return watch;
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
    LeaseReturn leaseReturn(LeaseDesk desk, ReturnWatch watch) {
        return new LeaseReturn(desk, watch);
    }

    @Bean
    RateLimiter rateLimiter(
            GuardedLimits shared,
            LeaseDesk desk,
            GatewayCount gateways,
            LimitFloors floors,
            ChargePublisher charges,
            RateLimitProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        LocalLimits local = new LocalLimits(gateways, properties.maxLocalTenants(), clock);
        return new RateLimiter(shared, desk, local, floors, charges, properties.leaseFrom(), meters);
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
