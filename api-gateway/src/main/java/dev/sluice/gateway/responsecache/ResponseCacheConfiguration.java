package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.TwoLevelCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/** Wires the cache of upstreams' answers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResponseCacheProperties.class)
public class ResponseCacheConfiguration {

    /** No L1 in what only stands for Redis. */
    private static final long NO_MEMORY = 1;

    @Bean(destroyMethod = "close")
    TwoLevelCache responseMemory(ResponseCacheProperties properties, MeterRegistry meters, InstantSource clock) {
        return TwoLevelCache.builder(settings(properties.maxMemory().toBytes(), properties.readTimeout()))
                .meters(meters)
                .clock(clock)
                .build();
    }

    @Bean
    Library responseLibrary(
            ResponseCacheProperties properties,
            TwoLevelCache responseMemory,
            ObjectProvider<ReactiveRedisConnectionFactory> redis,
            ObjectProvider<Peers> others,
            InstantSource clock) {
        ReactiveRedisConnectionFactory connections = properties.shared() ? redis.getIfAvailable() : null;
        FarStore far = connections == null ? null : farStore(properties, new RedisSecondLevel(connections), clock);
        Peers peers = others.getIfAvailable(() -> Peers.NONE);
        Library library = new Library(
                new ResponseStore(responseMemory, far, peers, properties.maxLocalAge(), clock),
                clock,
                () -> ThreadLocalRandom.current().nextLong(),
                properties.maxLocalAge(),
                ResponseStore.LONGEST);
        peers.listen(library);
        return library;
    }

    @Bean
    ResponseCache responseCache(
            ResponseCacheProperties properties, Library library, MeterRegistry meters, InstantSource clock) {
        CopyBudget copies = new CopyBudget(properties.maxCopied().toBytes(), meters);
        return new ResponseCache(library, new AnswerShelf(library, clock, copies), clock, properties.collapseTimeout());
    }

    private static CacheSettings settings(long maxMemory, Duration deadline) {
        return CacheSettings.defaults().withFirstLevelMaxBytes(maxMemory).withSecondLevelDeadline(deadline);
    }

    private static FarStore farStore(ResponseCacheProperties properties, SecondLevel redis, InstantSource clock) {
        return new FarStore(
                TwoLevelCache.builder(settings(NO_MEMORY, properties.readTimeout()))
                        .secondLevel(redis)
                        .clock(clock)
                        .build(),
                TwoLevelCache.builder(settings(NO_MEMORY, properties.writeTimeout()))
                        .secondLevel(redis)
                        .clock(clock)
                        .build(),
                properties.removalPatience(),
                clock);
    }
}
