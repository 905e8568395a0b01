package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Counts of cache reads are exact, also when the process that counts is killed while they come in. */
class CacheCountsIT {

    private static final int READS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");
    private final String namespace =
            "e2e-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    /** For some seconds after the end of Redis, of which other tests are the reason, a read may be answered 503. */
    @BeforeEach
    void waitForTheSecondLevel() {
        String elsewhere = path("absent").replace(namespace, namespace + "-before");
        await().atMost(PATIENCE).until(() -> client.answers(404, "GET", elsewhere, ""));
    }

    @Test
    void countsEveryReadOnceThoughTheAggregatorIsKilled() {
        Client.Answer stored = client.send("PUT", path("present"), "text/plain", "value");
        assertThat(stored.status()).as(stored.text()).isEqualTo(201);
        read(READS);
        long killed = platform.kill("metrics-aggregator");
        read(READS);
        await().atMost(PATIENCE).until(() -> platform.isReadyAgain("metrics-aggregator", killed));
        read(READS);
        await().atMost(PATIENCE).untilAsserted(() -> assertCounted(3 * READS, 3 * READS));
        // What comes twice after the restart would come with the next batch.
        read(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertCounted(3 * READS + 1, 3 * READS + 1));
        await().atMost(PATIENCE).untilAsserted(() -> assertSampled(6 * READS + 2, 2));
    }

    @Test
    void saysWhyReadsMissed() {
        assertThat(client.send("PUT", path("removed"), "text/plain", "value").status())
                .isEqualTo(201);
        assertThat(client.send("DELETE", path("removed"), "", "").status()).isEqualTo(204);
        assertThat(client.send(
                                "PUT",
                                path("short"),
                                "text/plain",
                                "value".getBytes(StandardCharsets.UTF_8),
                                Map.of("Cache-Control", "max-age=1"))
                        .status())
                .isEqualTo(201);
        assertThat(client.get(path("removed")).status()).isEqualTo(404);
        assertThat(client.get(path("absent")).status()).isEqualTo(404);
        await().atMost(PATIENCE).until(() -> client.get(path("short")).status() == 404);

        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode stats = client.get("/api/v1/cache/stats?window=PT1H&namespace=" + namespace)
                    .json();
            assertThat(stats.path("cache_misses").asLong(-1)).isEqualTo(3);
            assertThat(stats.path("cold_misses").asLong(-1)).isEqualTo(1);
            assertThat(stats.path("invalidated_misses").asLong(-1)).isEqualTo(1);
            assertThat(stats.path("expired_misses").asLong(-1)).isEqualTo(1);
            assertThat(stats.has("origin_time_saved_ms")).isTrue();
        });
        JsonNode top = client.get("/api/v1/cache/stats/top-keys?window=PT1H&namespace=" + namespace)
                .json();
        assertThat(top.path("keys").size()).isEqualTo(3);
        assertThat(top.path("max_error").asLong(-1)).isZero();
    }

    private void read(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(client.get(path("present")).status()).isEqualTo(200);
            assertThat(client.get(path("absent")).status()).isEqualTo(404);
        }
    }

    private void assertCounted(int hits, int misses) {
        Client.Answer answer = client.get("/api/v1/cache/stats?window=PT1H&namespace=" + namespace);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode stats = answer.json();
        assertThat(stats.path("hits").asLong(-1)).isEqualTo(hits);
        assertThat(stats.path("misses").asLong(-1)).isEqualTo(misses);
        assertThat(stats.path("reads").asLong(-1)).isEqualTo(hits + misses);
    }

    /** Reads and keys behind the miss-ratio curve: those from before a kill are there after it. */
    private void assertSampled(int reads, int keys) {
        Client.Answer answer = client.get("/api/v1/cache/stats/miss-ratio-curve?namespace=" + namespace);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode evidence = answer.json().path("evidence");
        assertThat(evidence.path("sampled_reads").asLong(-1)).isEqualTo(reads);
        assertThat(evidence.path("sampled_keys").asLong(-1)).isEqualTo(keys);
    }

    private String path(String key) {
        return "/api/v1/cache/namespaces/" + namespace + "/keys/" + key;
    }
}
