package dev.sluice.gateway.tier;

import dev.sluice.platform.kafka.LogTables;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the tiers. */
@Configuration(proxyBeanMethods = false)
class TierConfiguration {

    @Bean
    TierTable tierTable(LogTables tables, InstantSource clock) {
        return new TierTable(tables, ShippedTiers.load(clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    @Bean
    TierChanges tierChanges(TierTable tiers, TierUse use, InstantSource clock) {
        return new TierChanges(tiers, use, clock);
    }

    @Bean
    TierSeeder tierSeeder(TierTable tiers) {
        return new TierSeeder(tiers);
    }
}
