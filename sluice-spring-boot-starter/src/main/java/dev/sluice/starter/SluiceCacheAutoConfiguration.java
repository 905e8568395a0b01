package dev.sluice.starter;

import dev.sluice.starter.cache.CacheMeters;
import dev.sluice.starter.cache.SluiceCache;
import dev.sluice.starter.cache.SluiceCaches;
import dev.sluice.starter.codec.JsonCodec;
import dev.sluice.starter.codec.TrustedTypes;
import dev.sluice.starter.codec.ValueCodec;
import dev.sluice.starter.key.CacheKeyText;
import dev.sluice.starter.key.StableKeyText;
import dev.sluice.starter.node.EmbeddedNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Gives an application with {@code @EnableCaching}, and no cache manager of its own, the caches of Sluice. */
@AutoConfiguration(
        before = CacheAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration"
        })
@ConditionalOnProperty(name = "sluice.starter.enabled", matchIfMissing = true)
@Conditional(SluiceCacheAutoConfiguration.NoOtherIsNamed.class)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(CacheManager.class)
@EnableConfigurationProperties(StarterProperties.class)
public class SluiceCacheAutoConfiguration {

    /** As Boot says it in its meters. */
    private static final Tag MANAGER = Tag.of("cache.manager", "cacheManager");

    @Bean
    EmbeddedNode sluiceCacheNode(
            StarterProperties properties,
            ConfigurableEnvironment environment,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<SslBundles> ssl) {
        return EmbeddedNode.start(
                NodeChoice.of(properties, environment),
                environment,
                meters.getIfAvailable(SimpleMeterRegistry::new),
                ssl.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    CacheKeyText cacheKeyText() {
        return new StableKeyText();
    }

    @Bean
    @ConditionalOnMissingBean
    ValueCodec cacheValueCodec(StarterProperties properties, BeanFactory beans) {
        List<String> packages = new ArrayList<>(properties.trustedPackages());
        if (AutoConfigurationPackages.has(beans)) {
            packages.addAll(AutoConfigurationPackages.get(beans));
        }
        return new JsonCodec(new TrustedTypes(packages));
    }

    @Bean
    SluiceCaches cacheManager(
            EmbeddedNode sluiceCacheNode,
            ValueCodec codec,
            CacheKeyText keys,
            StarterProperties properties,
            Environment environment) {
        return new SluiceCaches(
                sluiceCacheNode.store(),
                codec,
                keys,
                properties::rulesOf,
                properties.caches().keySet(),
                List.of(environment.getProperty("spring.cache.cache-names", String[].class, new String[0])));
    }

    @Bean
    ApplicationRunner sluiceCacheWarmUp(EmbeddedNode sluiceCacheNode) {
        return arguments -> sluiceCacheNode.warmUp();
    }

    @Bean
    CacheMeterBinderProvider<SluiceCache> sluiceCacheMeters() {
        return CacheMeters::new;
    }

    /** Boot binds the caches that there are at the start; this binds those that come later. */
    @Bean
    SmartInitializingSingleton sluiceCacheMetersOfLaterCaches(
            SluiceCaches caches, ObjectProvider<CacheMetricsRegistrar> registrar) {
        return () -> registrar.ifAvailable(meters -> caches.watch(cache -> {
            boolean _ = meters.bindCacheToRegistry(cache, MANAGER);
        }));
    }

    /** Never down: an application goes on without its cache. */
    @Bean
    HealthIndicator sluiceCacheHealthIndicator(EmbeddedNode sluiceCacheNode) {
        String mode = sluiceCacheNode.mode().name().toLowerCase(java.util.Locale.ROOT);
        return () -> {
            Health.Builder health = Health.up().withDetail("mode", mode);
            sluiceCacheNode.coherence().map(HealthIndicator::health).ifPresent(coherence -> {
                if (coherence != null) {
                    health.withDetails(coherence.getDetails());
                }
            });
            return health.build();
        };
    }

    /** Who names a type of cache for Boot wants that one. */
    static final class NoOtherIsNamed extends NoneNestedConditions {
        NoOtherIsNamed() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("spring.cache.type")
        static final class TypeIsNamed {}
    }
}
