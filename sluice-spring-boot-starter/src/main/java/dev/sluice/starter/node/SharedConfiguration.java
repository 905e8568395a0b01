package dev.sluice.starter.node;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.MemoryGauge;
import dev.sluice.cache.engine.RedisClientOptions;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.SteadyReads;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.level.LevelProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/** Wires a cache over Redis without a log: nothing is noted for it, and no copy is served that nobody would take back. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LevelProperties.class)
class SharedConfiguration {

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return RedisClientOptions::harden;
    }

    @Bean
    ClientResourcesBuilderCustomizer steadyReads() {
        return resources -> resources.nettyCustomizer(new SteadyReads());
    }

    @Bean
    SecondLevel secondLevel(ReactiveRedisConnectionFactory connections, LevelProperties properties) {
        RedisSecondLevel level = new RedisSecondLevel(connections);
        int packFrom = Math.toIntExact(properties.packFrom().toBytes());
        return packFrom == 0 ? level : level.packingFrom(packFrom);
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
        return arguments -> secondLevel
                .fetch(new CacheKey("sluice", "warm-up", "warm-up"))
                .timeout(WARM_UP)
                .onErrorComplete()
                .block();
    }
}
