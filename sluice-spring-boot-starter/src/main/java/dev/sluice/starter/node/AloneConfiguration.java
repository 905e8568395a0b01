package dev.sluice.starter.node;

import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.MemoryGauge;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.level.LevelProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires a cache without a second level. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LevelProperties.class)
class AloneConfiguration {

    @Bean
    TwoLevelCache twoLevelCache(
            LevelProperties properties,
            ObjectProvider<CacheObserver> observer,
            MeterRegistry meters,
            InstantSource clock) {
        return TwoLevelCache.builder(properties.settings())
                .observer(observer.getIfAvailable(() -> CacheObserver.NONE))
                .meters(meters)
                .memory(MemoryGauge.ofHeap())
                .firstLevelFloor(properties.firstLevelFloor())
                .clock(clock)
                .build();
    }
}
