package dev.sluice.starter.node;

import dev.sluice.cache.engine.MemoryGauge;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.level.DriverConfiguration;
import dev.sluice.cache.level.LevelProperties;
import dev.sluice.cache.level.LevelWarmUp;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;

/** Wires a cache over Redis without a log: nothing is noted for it, and no copy is served that nobody would take back. */
@Configuration(proxyBeanMethods = false)
@Import(DriverConfiguration.class)
class SharedConfiguration {

    @Bean
    SecondLevel secondLevel(ReactiveRedisConnectionFactory connections, LevelProperties properties) {
        return properties.packing(new RedisSecondLevel(connections));
    }

    @Bean
    TwoLevelCache twoLevelCache(
            LevelProperties properties, SecondLevel secondLevel, MeterRegistry meters, InstantSource clock) {
        TwoLevelCache cache = TwoLevelCache.builder(properties.settings())
                .secondLevel(secondLevel)
                .meters(meters)
                .memory(MemoryGauge.ofHeap())
                .firstLevelFloor(properties.firstLevelFloor())
                .clock(clock)
                .build();
        cache.suspendFirstLevel();
        return cache;
    }

    @Bean
    ApplicationRunner secondLevelWarmUp(SecondLevel secondLevel) {
        // Without a log nobody notes what is to be announced.
        LevelWarmUp warmUp = new LevelWarmUp(secondLevel, intent -> Mono.just(false));
        return arguments -> warmUp.run();
    }
}
