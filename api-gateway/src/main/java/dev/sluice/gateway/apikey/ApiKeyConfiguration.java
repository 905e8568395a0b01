package dev.sluice.gateway.apikey;

import dev.sluice.gateway.fleet.Fleet;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.telemetry.AuditPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Wires the API keys. */
@Configuration(proxyBeanMethods = false)
class ApiKeyConfiguration {

    @Bean
    ApiKeyTable apiKeyTable(LogTables tables) {
        return ApiKeyTable.over(tables);
    }

    /** This gateway is one of the fleet from when it knows the keys. */
    @Bean
    KeyPropagation keyPropagation(ApiKeyTable table, Fleet fleet, MeterRegistry meters) {
        table.onApplied(offset -> fleet.applied(ApiKeyTable.NAME, offset));
        CompletableFuture<Void> _ = table.whenLoaded().thenRun(fleet::join);
        return new KeyPropagation(fleet, System::nanoTime, meters);
    }

    @Bean
    KeyUses keyUses(ApiKeyTable table, ReactiveStringRedisTemplate redis, MeterRegistry meters) {
        KeyUses uses = new KeyUses(new RedisKeyUseStore(redis), meters);
        table.onUse(uses::used);
        return uses;
    }

    @Bean
    KeyUseFlush keyUseFlush(KeyUses uses, ApiKeyProperties properties) {
        return new KeyUseFlush(uses, properties.lastUsedInterval());
    }

    @Bean
    ApiKeys apiKeys(
            ApiKeyTable table,
            TenantTable tenants,
            KeyPropagation propagation,
            ApiKeyProperties properties,
            InstantSource clock) {
        String bootstrapId = ApiKeyText.parse(properties.bootstrapAdmin())
                .map(ApiKeyText::id)
                .orElse(null);
        return new ApiKeys(table, tenants, propagation, clock, new SecureRandom(), bootstrapId);
    }

    @Bean
    KeyBatches keyBatches(ApiKeys keys, AuditPublisher audit) {
        return new KeyBatches(keys, audit);
    }

    @Bean
    BootstrapAdmin bootstrapAdmin(
            ApiKeyProperties properties, ApiKeyTable table, TenantTable tenants, InstantSource clock) {
        return new BootstrapAdmin(properties, table, tenants, clock);
    }

    /** Not up before every key is known: until then requests with keys are answered 503. */
    @Bean
    HealthIndicator apiKeysHealthIndicator(ApiKeyTable table) {
        return () -> table.ready()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("reason", "the API keys are being read from the log, or the first one written")
                        .build();
    }
}
