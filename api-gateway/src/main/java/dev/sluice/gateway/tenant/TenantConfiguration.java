package dev.sluice.gateway.tenant;

import dev.sluice.platform.kafka.LogTables;
import java.time.InstantSource;
import java.util.Set;
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
    Tenants tenants(TenantTable table, InstantSource clock) {
        return new Tenants(table, Set.of("free", "basic", "premium", "unlimited")::contains, clock);
    }
}
