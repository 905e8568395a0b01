package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An application with three annotations is a node of the platform's cache. */
class CatalogIT {

    private static final int THREADS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Tenant tenant = Tenant.create();
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void twoInstancesAreOneCacheAndTheirReadsAreCounted() throws Exception {
        Map<String, String> settings = settings("127.0.0.1", platform.redisPort());
        try (SampleProcess first = SampleProcess.start("first", settings);
                SampleProcess second = SampleProcess.start("second", settings)) {
            first.awaitCoherent();
            second.awaitCoherent();
            String made = find(first, 1);
            assertThat(find(first, 1)).isEqualTo(made);
            assertThat(find(second, 1)).isEqualTo(made);
            assertThat(second.asked()).isZero();

            assertThat(second.delete("/products/1/cached")).isEqualTo("changed");
            await().atMost(PATIENCE).until(() -> !find(first, 1).equals(made));

            assertThat(findAtOnce(List.of(first, second), 2)).hasSize(1);
            assertThat(first.asked() + second.asked()).isEqualTo(3);

            String two = find(first, 2);
            assertThat(second.delete("/products/cached")).isEqualTo("changed");
            await().atMost(PATIENCE).until(() -> !find(first, 2).equals(two));
            await().atMost(PATIENCE).untilAsserted(this::assertCounted);
        }
    }

    @Test
    void anInstanceGoesOnWithoutRedisAndForgetsNoRemoval() {
        try (IsolatedRedis redis = LocalRedis.newIsolated();
                SampleProcess one = SampleProcess.start("one", settings(redis.host(), redis.port()))) {
            one.awaitCoherent();
            String known = find(one, 1);
            assertThat(find(one, 1)).isEqualTo(known);
            redis.kill();
            assertThat(find(one, 2)).contains("Product 2");
            assertThat(one.delete("/products/1/cached")).isEqualTo("changed");
            String anew = find(one, 1);
            assertThat(anew).isNotEqualTo(known);
            redis.start();
            // What comes back from Redis is not what was removed while it was away.
            await().atMost(PATIENCE).until(() -> find(one, 3).equals(find(one, 3)));
            assertThat(find(one, 1)).isNotEqualTo(known);
            await().atMost(PATIENCE).until(() -> find(one, 1).equals(find(one, 1)));
            assertThat(find(one, 1)).isNotEqualTo(known);
        }
    }

    private Map<String, String> settings(String redisHost, int redisPort) {
        return Map.of(
                "SPRING_KAFKA_BOOTSTRAPSERVERS",
                platform.bootstrapServers(),
                "SPRING_DATA_REDIS_HOST",
                redisHost,
                "SPRING_DATA_REDIS_PORT",
                Integer.toString(redisPort),
                // One that another test has taken the processor from is no outage.
                "SPRING_DATA_REDIS_TIMEOUT",
                "20s",
                "SLUICE_CACHE_LEVEL_SECONDLEVELTIMEOUT",
                "5s",
                "SLUICE_STARTER_WRITEPATIENCE",
                "30s",
                "SLUICE_STARTER_TENANT",
                tenant.id());
    }

    private String find(SampleProcess sample, long id) {
        reads.incrementAndGet();
        return sample.get("/products/" + id);
    }

    /** The different answers that many callers of these got at once. */
    private Set<String> findAtOnce(List<SampleProcess> samples, long id) throws Exception {
        Set<String> found = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SampleProcess sample = samples.get(i % samples.size());
                answers.add(threads.submit(() -> find(sample, id)));
            }
            for (Future<String> answer : answers) {
                found.add(answer.get());
            }
        }
        return found;
    }

    private void assertCounted() {
        Client.Answer answer = tenant.client().get("/api/v1/cache/stats?window=PT1H&namespace=products");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode stats = answer.json();
        assertThat(stats.path("reads").asLong(-1)).isEqualTo(reads.get());
        assertThat(stats.path("hits").asLong(-1) + stats.path("misses").asLong(-1))
                .isEqualTo(reads.get());
    }
}
