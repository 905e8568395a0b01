package dev.sluice.cache.namespace;

import dev.sluice.cache.level.KeyJitter;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.record.CacheNamespace;
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
    KeyJitter namespaceJitter(NamespaceTable table) {
        return key -> table.rulesOf(key).ttlJitter();
    }

    @Bean
    Namespaces namespaces(NamespaceTable table, InstantSource clock) {
        return new Namespaces(table, clock);
    }
}
