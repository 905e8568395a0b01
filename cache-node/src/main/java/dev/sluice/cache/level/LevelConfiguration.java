package dev.sluice.cache.level;

import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.MemoryGauge;
import dev.sluice.cache.engine.Quotas;
import dev.sluice.cache.engine.RedisCounters;
import dev.sluice.cache.engine.RedisFacts;
import dev.sluice.cache.engine.RedisLedgers;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.RedisSweep;
import dev.sluice.cache.engine.RedisTracking;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.engine.WriteIntents;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Wires the cache over its levels. */
@Configuration(proxyBeanMethods = false)
@Import(DriverConfiguration.class)
class LevelConfiguration {

    @Bean
    SecondLevel secondLevel(
            ReactiveRedisConnectionFactory connections, LevelProperties properties, ObjectProvider<Quotas> quotas) {
        return properties.packing(
                RedisSecondLevel.withIntents(connections).counting(quotas.getIfAvailable(() -> Quotas.NONE)));
    }

    @Bean
    WriteIntents writeIntents(
            ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new WriteIntents(connections, properties.settings(), clock);
    }

    @Bean
    RedisLedgers redisLedgers(
            ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new RedisLedgers(connections, properties.settings(), clock);
    }

    @Bean
    RedisCounters counters(
            ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new RedisCounters(connections, properties.settings(), clock);
    }

    @Bean
    RedisLocks locks(ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new RedisLocks(
                connections,
                properties.settings(),
                clock,
                () -> ThreadLocalRandom.current().nextLong());
    }

    @Bean
    RedisSweep redisSweep(ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new RedisSweep(connections, properties.settings(), clock);
    }

    @Bean
    RedisFacts redisFacts(ReactiveRedisConnectionFactory connections, LevelProperties properties, InstantSource clock) {
        return new RedisFacts(connections, properties.settings(), clock);
    }

    /** Before the process calls itself ready. */
    @Bean
    ApplicationRunner secondLevelWarmUp(SecondLevel secondLevel, WriteIntents intents) {
        LevelWarmUp warmUp = new LevelWarmUp(secondLevel, intents::fulfilled);
        return arguments -> warmUp.run();
    }

    /** Not a bean of its own when it is switched off: which beans there are is settled when the build is made. */
    @Bean
    TrackedLevel trackedLevel(
            LettuceConnectionFactory connections,
            TwoLevelCache cache,
            LevelProperties properties,
            MeterRegistry meters) {
        return properties.tracking()
                ? new TrackedLevel(new RedisTracking(connections, cache, meters))
                : TrackedLevel.UNTRACKED;
    }

    @Bean
    TwoLevelCache twoLevelCache(
            LevelProperties properties,
            SecondLevel secondLevel,
            CacheObserver observer,
            ObjectProvider<KeyJitter> jitter,
            MeterRegistry meters,
            InstantSource clock) {
        KeyJitter ofKeys = jitter.getIfAvailable(() -> key -> Optional.empty());
        return TwoLevelCache.builder(properties.settings())
                .secondLevel(secondLevel)
                .observer(observer)
                .meters(meters)
                .clock(clock)
                .memory(MemoryGauge.ofHeap())
                .firstLevelFloor(properties.firstLevelFloor())
                .ttlJitter(key -> ofKeys.of(key).orElse(properties.ttlJitter()))
                .build();
    }
}
