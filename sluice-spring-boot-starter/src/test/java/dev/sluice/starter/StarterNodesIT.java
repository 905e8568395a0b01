package dev.sluice.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
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
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** Two instances of an application on one Kafka and one Redis, each of which may go away. */
class StarterNodesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static IsolatedKafka kafka;
    private static IsolatedRedis redis;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final ConfigurableApplicationContext a = start();
    private final ConfigurableApplicationContext b = start();
    private final Catalog catalogA = a.getBean(Catalog.class);
    private final Catalog catalogB = b.getBean(Catalog.class);

    @BeforeAll
    static void startKafkaAndRedis() {
        kafka = LocalKafka.newIsolated();
        redis = LocalRedis.newIsolated();
    }

    @AfterAll
    static void stopKafkaAndRedis() {
        redis.close();
        kafka.close();
    }

    @BeforeEach
    void awaitCoherence() {
        await().atMost(PATIENCE).until(() -> follows(a) && follows(b));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        redis.resume();
        redis.start();
        kafka.start();
    }

    @Test
    void whatOneInstanceEvictsTheOtherMakesAnew() {
        Product made = catalogA.find(1);
        assertThat(catalogB.find(1)).isEqualTo(made);
        assertThat(catalogB.find(1)).isEqualTo(made);
        assertThat(catalogB.asked()).isZero();
        catalogB.changed(1);
        await().atMost(PATIENCE).until(() -> !catalogA.find(1).equals(made));
        Product two = catalogA.find(2);
        assertThat(catalogB.find(2)).isEqualTo(two);
        catalogA.changedAll();
        await().atMost(PATIENCE).until(() -> !catalogB.find(2).equals(two));
    }

    /** What a load has stored is announced and recorded as any other change, and each read is on the log once. */
    @Test
    void loadsAndReadsAreOnTheLog() {
        for (int i = 0; i < 5; i++) {
            Product _ = catalogA.findOnce(1);
        }
        LogOf log = new LogOf(kafka.bootstrapServers());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(own(log.all(Topics.CACHE_CHANGES), CacheChange::getTenant))
                    .singleElement()
                    .satisfies(change -> {
                        assertThat(change.getNamespace()).isEqualTo("guarded-products");
                        assertThat(change.getKey()).isEqualTo("long:1");
                    });
            assertThat(own(log.all(Topics.CACHE_INVALIDATIONS), CacheInvalidation::getTenant))
                    .singleElement()
                    .satisfies(invalidation -> assertThat(invalidation.getKey()).isEqualTo("long:1"));
            assertThat(own(log.all(Topics.CACHE_READS), CacheReadBatch::getTenant).stream()
                            .flatMap(batch -> batch.getEntries().stream())
                            .map(CacheRead::getOutcome))
                    .as("a copy of what was just stored may be in Redis alone until Redis has confirmed it")
                    .hasSize(5)
                    .containsOnlyOnce(CacheOutcome.MISS)
                    .isSubsetOf(CacheOutcome.MISS, CacheOutcome.L2_HIT, CacheOutcome.L1_HIT);
        });
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

    @Test
    void withoutRedisTheApplicationGoesOnAndNoRemovalIsLost() {
        Product known = catalogA.find(1);
        assertThat(catalogB.find(1)).isEqualTo(known);
        redis.kill();
        catalogA.changed(1);
        Product anew = catalogA.find(1);
        assertThat(anew).isNotEqualTo(known);
        assertThat(catalogA.find(5)).isNotNull();
        assertThat(catalogA.findOnce(5)).isNotNull();
        assertThat(catalogA.findLater(5).block(PATIENCE)).isNotNull();
        catalogA.changedAll();
        redis.start();
        await().atMost(PATIENCE).until(() -> !catalogB.find(1).equals(known));
        await().atMost(PATIENCE).until(() -> catalogA.find(6).equals(catalogA.find(6)));
        Product six = catalogA.find(6);
        await().atMost(PATIENCE).until(() -> catalogB.find(6).equals(six));
    }

    @Test
    void withoutKafkaTheApplicationGoesOnAndBothInstancesAgree() {
        Product known = catalogA.find(1);
        assertThat(catalogB.find(1)).isEqualTo(known);
        kafka.stop();
        await().atMost(PATIENCE).until(() -> !follows(a) && !follows(b));
        catalogA.changed(1);
        Product anew = catalogA.find(1);
        assertThat(anew).isNotEqualTo(known);
        await().atMost(PATIENCE).until(() -> catalogB.find(1).equals(anew));
        kafka.start();
        await().atMost(PATIENCE).until(() -> follows(a) && follows(b));
        await().atMost(PATIENCE).until(() -> catalogB.find(1).equals(catalogA.find(1)));
    }

    /** What it was told to remove all others know of, though Redis cannot be told. */
    @Test
    void aRemovalWithoutRedisOutlivesItsProcess() {
        Product known = catalogA.find(1);
        try (ConfigurableApplicationContext c = start("500ms")) {
            await().atMost(PATIENCE).until(() -> follows(c));
            Catalog leaving = c.getBean(Catalog.class);
            assertThat(leaving.find(1)).isEqualTo(known);
            redis.pause();
            // Redis is asked no more, so that nothing lies in its socket.
            for (long id = 100; id < 110; id++) {
                assertThat(leaving.find(id)).isNotNull();
            }
            leaving.changed(1);
        }
        redis.resume();

        await().atMost(PATIENCE).until(() -> !catalogA.find(1).equals(known));
        await().atMost(PATIENCE).until(() -> catalogB.find(1).equals(catalogA.find(1)));
        assertThat(catalogB.find(1)).isNotEqualTo(known);
    }

    /** The log has those of the other tests too. */
    private <V> List<V> own(List<V> records, Function<V, String> tenantOf) {
        return records.stream()
                .filter(record -> tenantOf.apply(record).equals(tenant))
                .toList();
    }

    private static boolean follows(ConfigurableApplicationContext application) {
        Health health = application
                .getBean("sluiceCacheHealthIndicator", HealthIndicator.class)
                .health();
        return health != null && "answering".equals(health.getDetails().get("firstLevel"));
    }

    private ConfigurableApplicationContext start() {
        // A busy machine is no outage.
        return start("5s");
    }

    private ConfigurableApplicationContext start(String patienceWithRedis) {
        return new SpringApplicationBuilder(CatalogApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--spring.data.redis.host=" + redis.host(),
                        "--spring.data.redis.port=" + redis.port(),
                        "--sluice.starter.tenant=" + tenant,
                        "--spring.data.redis.timeout=20s",
                        "--sluice.cache.level.second-level-timeout=" + patienceWithRedis,
                        "--sluice.starter.write-patience=30s",
                        // Here nobody else makes the topics.
                        "--sluice.kafka.provision=true",
                        "--sluice.kafka.max-partitions=1");
    }
}
