package dev.sluice.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.starter.application.CatalogApplication;
import dev.sluice.starter.application.CatalogApplication.Catalog;
import dev.sluice.starter.application.CatalogApplication.Product;
import dev.sluice.starter.cache.SluiceCaches;
import dev.sluice.starter.key.UserAwareKeyGenerator;
import dev.sluice.starter.node.EmbeddedNode;
import dev.sluice.starter.node.NodeMode;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What an application gets without Redis and Kafka. */
class StarterTest {

    @Test
    void annotationsWorkInMemoryAlone() {
        withCatalog((context, catalog) -> {
            Product made = catalog.find(1);
            assertThat(catalog.find(1)).isEqualTo(made).isNotSameAs(catalog.find(1));
            assertThat(catalog.findOnce(1)).isEqualTo(catalog.findOnce(1));
            assertThat(catalog.findLater(1).block())
                    .isEqualTo(catalog.findLater(1).block());
            assertThat(catalog.findAll(3).collectList().block())
                    .isEqualTo(catalog.findAll(3).collectList().block())
                    .hasSize(3);
            assertThat(catalog.findInFuture(1).join())
                    .isEqualTo(catalog.findInFuture(1).join());
            assertThat(catalog.asked()).isEqualTo(7);
            assertThat(context.getBean(EmbeddedNode.class).mode()).isEqualTo(NodeMode.ALONE);
        });
    }

    @Test
    void evictionsAndPutsWork() {
        withCatalog((context, catalog) -> {
            Product one = catalog.find(1);
            Product two = catalog.find(2);
            catalog.changed(1);
            assertThat(catalog.find(1)).isNotEqualTo(one);
            assertThat(catalog.find(2)).isEqualTo(two);
            catalog.changedAll();
            assertThat(catalog.find(2)).isNotEqualTo(two);
            assertThat(catalog.save(new Product(2, "saved"))).isEqualTo(catalog.find(2));
            Product later = catalog.findLater(1).block();
            catalog.changedLater(1).block();
            assertThat(catalog.findLater(1).block()).isNotEqualTo(later);
        });
    }

    @Test
    void exceptionsOfTheMethodComeAsTheyAre() {
        withCatalog((context, catalog) -> {
            assertThatThrownBy(() -> catalog.fail("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no x 1");
            assertThatThrownBy(() -> catalog.fail("x")).hasMessage("no x 2");
        });
    }

    @Test
    void readsAreMetersAsThoseOfAnyCache() {
        withCatalog((context, catalog) -> {
            Product _ = catalog.find(1);
            Product _ = catalog.find(1);
            Product _ = catalog.find(1);
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(gets(meters, "miss")).isEqualTo(1);
            assertThat(gets(meters, "hit")).isEqualTo(2);
            assertThat(meters.get("cache.puts")
                            .tag("cache", "products")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("cache.removals.owed")
                            .tag("cache", "products")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(meters.find("sluice.cache.engine.reads").meters()).isNotEmpty();
        });
    }

    @Test
    void settingsOfOneCacheArePreferredToThoseOfAll() {
        with(
                CatalogApplication.class,
                context -> {
                    CacheManager caches = context.getBean(CacheManager.class);
                    assertThat(caches.getCacheNames()).contains("products");
                    Cache products = Objects.requireNonNull(caches.getCache("products"));
                    Cache others = Objects.requireNonNull(caches.getCache("others"));
                    products.put("k", null);
                    others.put("k", null);
                    assertThat(products.get("k")).isNull();
                    assertThat(others.get("k")).isNotNull();
                },
                "--sluice.starter.caches.products.null-values=false");
    }

    @Test
    void onlyNamedCachesAreThereWhereNamesAreGiven() {
        with(
                CatalogApplication.class,
                context -> {
                    CacheManager caches = context.getBean(CacheManager.class);
                    assertThat(caches.getCache("products")).isNotNull();
                    assertThat(caches.getCache("others")).isNull();
                },
                "--spring.cache.cache-names=products,guardedProducts");
    }

    @Test
    void cachesThatWouldShareANamespaceAreRefused() {
        withCatalog((context, catalog) -> {
            CacheManager caches = context.getBean(CacheManager.class);
            assertThat(caches.getCache("someThings")).isNotNull();
            assertThatThrownBy(() -> caches.getCache("some-things"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("someThings")
                    .hasMessageContaining("sluice.starter.caches.some-things.namespace");
            assertThatThrownBy(() -> caches.getCache("a:b")).hasMessageContaining("a-z");
        });
    }

    /** Nothing of the platform is the application's, nor a health of a Redis that it does not have. */
    @Test
    void theNodeIsApart() {
        withCatalog((context, catalog) -> {
            assertThat(context.getBeansOfType(KafkaClients.class)).isEmpty();
            assertThat(context.getBeansOfType(dev.sluice.cache.engine.TwoLevelCache.class))
                    .isEmpty();
            assertThat(context.containsBean("redisHealthContributor")).isFalse();
            assertThat(context.getBeansOfType(RedisConnectionFactory.class)).hasSize(1);
            assertThat(context.getBean("userKeyGenerator", KeyGenerator.class))
                    .isInstanceOf(UserAwareKeyGenerator.class);
        });
    }

    @Test
    void whatIsSharedNeedsATenant() {
        assertThatThrownBy(() -> run(CatalogApplication.class, "--spring.data.redis.host=127.0.0.1"))
                .rootCause()
                .hasMessageContaining("sluice.starter.tenant");
        with(
                CatalogApplication.class,
                context ->
                        assertThat(context.getBean(EmbeddedNode.class).mode()).isEqualTo(NodeMode.ALONE),
                "--spring.data.redis.host=127.0.0.1",
                "--sluice.starter.redis=false");
    }

    @Test
    void whoWantsAnotherCacheHasIt() {
        with(
                WithItsOwn.class,
                context ->
                        assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class));
        with(
                CatalogApplication.class,
                context -> assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class),
                "--spring.cache.type=none");
        with(
                CatalogApplication.class,
                context ->
                        assertThat(context.getBeansOfType(SluiceCaches.class)).isEmpty(),
                "--sluice.starter.enabled=false",
                "--spring.cache.type=simple");
    }

    /** A cache manager of the application's own. */
    @Configuration(proxyBeanMethods = false)
    static class WithItsOwn {
        @Bean
        CacheManager own() {
            return new ConcurrentMapCacheManager();
        }
    }

    private static double gets(MeterRegistry meters, String result) {
        return meters.get("cache.gets")
                .tag("cache", "products")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    private static void withCatalog(BiConsumer<ConfigurableApplicationContext, Catalog> use) {
        with(CatalogApplication.class, context -> use.accept(context, context.getBean(Catalog.class)));
    }

    private static void with(Class<?> application, Consumer<ConfigurableApplicationContext> use, String... arguments) {
        try (ConfigurableApplicationContext context = run(application, arguments)) {
            use.accept(context);
        }
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
        SpringApplication built = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .build();
        return built.run(arguments);
    }
}
