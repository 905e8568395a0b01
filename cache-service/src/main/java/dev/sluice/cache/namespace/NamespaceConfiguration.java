package dev.sluice.cache.namespace;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.level.KeyJitter;
import dev.sluice.cache.origin.OriginClient;
import dev.sluice.cache.origin.Origins;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.web.WebProperties;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the namespaces. */
@Configuration(proxyBeanMethods = false)
class NamespaceConfiguration {

    @Bean
    LogTable<CacheNamespace> namespaceLog(LogTables tables) {
        return NamespaceTable.open(tables);
    }

    @Bean
    NamespaceTable namespaceTable(LogTable<CacheNamespace> namespaceLog) {
        return new NamespaceTable(namespaceLog);
    }

    @Bean
    LogTable<Tenant> tenantLog(LogTables tables) {
        return PlanTable.openTenants(tables);
    }

    @Bean
    LogTable<Tier> tierLog(LogTables tables) {
        return PlanTable.openTiers(tables);
    }

    @Bean
    PlanTable planTable(LogTable<Tenant> tenantLog, LogTable<Tier> tierLog) {
        return new PlanTable(tenantLog, tierLog);
    }

    @Bean
    NamespaceQuotas namespaceQuotas(NamespaceTable table, PlanTable plans) {
        return new NamespaceQuotas(table, plans);
    }

    @Bean
    KeyJitter namespaceJitter(NamespaceTable table) {
        return key -> table.rulesOf(key).ttlJitter();
    }

    @Bean
    Namespaces namespaces(NamespaceTable table, Origins origins, InstantSource clock) {
        return new Namespaces(table, origins, clock);
    }

    @Bean
    NamespaceWrites namespaceWrites(CoherentCache cache, NamespaceTable table) {
        return new NamespaceWrites(cache, table);
    }

    @Bean
    ReadThrough readThrough(CoherentCache cache, NamespaceTable table, OriginClient client, WebProperties web) {
        return new ReadThrough(cache, table, client, web.maxBodySize().toBytes());
    }
}
