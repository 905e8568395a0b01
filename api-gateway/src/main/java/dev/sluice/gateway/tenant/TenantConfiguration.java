package dev.sluice.gateway.tenant;

import dev.sluice.gateway.tier.TierTable;
import dev.sluice.gateway.tier.TierUse;
import dev.sluice.platform.kafka.LogTables;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the tenants. */
@Configuration(proxyBeanMethods = false)
class TenantConfiguration {

    @Bean
    TenantTable tenantTable(LogTables tables, InstantSource clock) {
        return TenantTable.over(tables, clock);
    }

    @Bean
    TierUse tierUse(TenantTable tenants) {
        return tenants::hasTier;
    }

    @Bean
    Tenants tenants(TenantTable table, TierTable tiers, InstantSource clock) {
        return new Tenants(table, tier -> tiers.find(tier).isPresent(), clock);
    }
}
