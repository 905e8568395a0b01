package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.ApiKeyTables;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.gateway.tenant.TenantTables;
import dev.sluice.gateway.tier.TierTable;
import dev.sluice.gateway.tier.TierTables;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tenant;
import dev.sluice.record.TenantStatus;
import dev.sluice.record.Tier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A gateway's limits over tables in memory. */
final class LimitFixture {

    final FakeClock clock = FakeClock.fixed();
    final FakeSharedLimits shared = new FakeSharedLimits(clock);
    final RateLimiter limiter = RateLimiters.alone(shared, clock, Duration.ofMillis(100));
    private final FakeLogTable<Tenant> tenantLog = FakeLogTable.unread();
    private final FakeLogTable<ApiKey> keyLog = FakeLogTable.unread();
    final TenantTable tenants = TenantTables.over(tenantLog, clock);
    final ApiKeyTable keys = ApiKeyTables.seeded(keyLog);
    final LimitCatalogue catalogue;
    final LimitChecks checks;
    final QuotaWatch quotas;
    final FakeQuotaClaims claims = new FakeQuotaClaims();
    /** What was put on the log, by key. */
    final List<Map.Entry<String, DomainEvent>> events = new CopyOnWriteArrayList<>();

    LimitFixture(Tier... tiers) {
        TierTable table = TierTables.with(tiers);
        catalogue = new LimitCatalogue(
                table,
                tenant -> tenants.find(tenant).map(Tenant::getLimits).orElse(List.of()),
                key -> keys.find(key).map(ApiKey::getLimits).orElse(List.of()),
                100);
        quotas = watch(() -> false);
        checks = new LimitChecks(new LimitOwners(tenants, keys), catalogue, limiter, quotas);
    }

    /** The watch of one more gateway. */
    QuotaWatch watch(BooleanSupplier redisIsAway) {
        QuotaEventPublisher publisher = new QuotaEventPublisher(
                (key, event) -> {
                    events.add(Map.entry(key, event));
                    return CompletableFuture.completedFuture(event);
                },
                new StrictJson(),
                new SimpleMeterRegistry());
        return new QuotaWatch(claims, publisher, redisIsAway, 80, 100, clock);
    }

    LimitFixture load() {
        tenantLog.load();
        keyLog.load();
        return this;
    }

    LimitFixture tenant(String id, String tier, LimitRule... overrides) {
        CompletableFuture<?> _ = tenantLog.put(
                id,
                Tenant.newBuilder()
                        .setId(id)
                        .setName(id)
                        .setTier(tier)
                        .setStatus(TenantStatus.ACTIVE)
                        .setLimits(List.of(overrides))
                        .setCreatedAt(clock.instant())
                        .setUpdatedAt(clock.instant())
                        .build());
        return this;
    }

    LimitFixture key(String id, String tenant, LimitRule... overrides) {
        CompletableFuture<?> _ = keyLog.put(
                id,
                ApiKey.newBuilder()
                        .setId(id)
                        .setTenant(tenant)
                        .setEnvironment("live")
                        .setName(id)
                        .setHash(ByteBuffer.allocate(32))
                        .setScopes(List.of())
                        .setStatus(ApiKeyStatus.ACTIVE)
                        .setLimits(List.of(overrides))
                        .setCreatedAt(clock.instant())
                        .build());
        return this;
    }

    static Identity caller(String tenant, String key, String tier, String... scopes) {
        return new Identity(tenant, key, tier, Set.of(scopes));
    }

    static LimitRule rule(String name, String group, LimitWindow window, long quota) {
        return new LimitRule(name, group, window, quota, quota, LimitMode.ENFORCE, LimitFallback.SHARE);
    }
}
