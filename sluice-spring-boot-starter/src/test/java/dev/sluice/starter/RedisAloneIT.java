package dev.sluice.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.starter.application.CatalogApplication;
import dev.sluice.starter.application.CatalogApplication.Catalog;
import dev.sluice.starter.application.CatalogApplication.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** Two instances of an application that have Redis and no log: nobody tells of changes, so none is to be told of. */
class RedisAloneIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final ConfigurableApplicationContext a = start();
    private final ConfigurableApplicationContext b = start();
    private final Catalog catalogA = a.getBean(Catalog.class);
    private final Catalog catalogB = b.getBean(Catalog.class);

    @AfterEach
    void close() {
        a.close();
        b.close();
        redis.close();
    }

    /** At once: there is no copy that somebody would have to be told of. */
    @Test
    void whatOneInstanceChangesTheOtherAnswersAtOnce() {
        assertThat(mode(a)).isEqualTo("shared");
        Product made = catalogA.find(1);
        assertThat(catalogB.find(1)).isEqualTo(made);
        catalogB.changed(1);
        Product anew = catalogA.find(1);
        assertThat(anew).isNotEqualTo(made);
        assertThat(catalogB.find(1)).isEqualTo(anew);
        Product saved = catalogB.save(new Product(1, "saved"));
        assertThat(catalogA.find(1)).isEqualTo(saved);
        Product two = catalogA.find(2);
        catalogB.changedAll();
        assertThat(catalogA.find(1)).isNotEqualTo(saved);
        assertThat(catalogA.find(2)).isNotEqualTo(two);
        Product later = catalogA.findLater(1).block(PATIENCE);
        assertThat(catalogB.findLater(1).block(PATIENCE)).isEqualTo(later);
        catalogB.changedLater(1).block(PATIENCE);
        assertThat(catalogA.findLater(1).block(PATIENCE)).isNotEqualTo(later);
    }

    @Test
    void manyThreadsOfBothInstancesLoadOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Product>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Catalog catalog = i % 2 == 0 ? catalogA : catalogB;
                answers.add(threads.submit(() -> catalog.findOnce(7)));
            }
            Product first = answers.getFirst().get();
            for (Future<Product> answer : answers) {
                assertThat(answer.get()).isEqualTo(first);
            }
        }
        assertThat(catalogA.asked() + catalogB.asked()).isEqualTo(1);
    }

    /** Each asks its origin meanwhile, and a removal is made when Redis is back. */
    @Test
    void withoutRedisTheApplicationGoesOnAndNoRemovalIsLost() {
        Product known = catalogA.find(1);
        // Each counts by itself; what the other makes is to look otherwise.
        assertThat(catalogB.find(1)).isEqualTo(known);
        assertThat(catalogB.find(2)).isNotNull();
        redis.pause();
        catalogA.changed(1);
        assertThat(catalogA.find(1)).isNotEqualTo(known);
        assertThat(catalogA.findOnce(5)).isNotNull();
        redis.resume();
        await().atMost(PATIENCE).until(() -> !catalogB.find(1).equals(known));
        await().atMost(PATIENCE).until(() -> catalogA.find(1).equals(catalogB.find(1)));
    }

    private static String mode(ConfigurableApplicationContext application) {
        Health health = application
                .getBean("sluiceCacheHealthIndicator", HealthIndicator.class)
                .health();
        return health == null ? "" : String.valueOf(health.getDetails().get("mode"));
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(CatalogApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.data.redis.host=" + redis.host(),
                        "--spring.data.redis.port=" + redis.port(),
                        "--sluice.starter.tenant=" + tenant,
                        // A busy machine is no outage.
                        "--spring.data.redis.timeout=20s",
                        "--sluice.cache.level.second-level-timeout=5s",
                        "--sluice.starter.write-patience=30s");
    }
}
