package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service over a Redis Cluster: what clients see is as over a single Redis, though keys lie on three masters. */
class CacheClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KEYS = 60;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheProcess cache = new CacheProcess(
            LocalKafka.shared().bootstrapServers(),
            LocalRedis.shared().port(),
            tenant,
            Map.of(
                    "spring.data.redis.cluster.nodes",
                    LocalRedis.sharedCluster().nodes(),
                    "sluice.cache.level.second-level-timeout",
                    "20s"));

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void servesAsOverASingleRedis() {
        await().atMost(PATIENCE).until(() -> cache.isReady() && cache.followsTheLog());
        valuesAndConditions();
        batches();
        purges();
        counters();
        locks();
        assertThat(cache.info().body()).contains("\"status\":\"up\"");
    }

    private void valuesAndConditions() {
        Answer created = cache.put("feed/keys/a", "1", Map.of("Cache-Groups", "\"front\""));
        assertThat(created.status()).isEqualTo(201);
        assertThat(cache.get("feed/keys/a").body()).isEqualTo("1");
        assertThat(cache.put("feed/keys/a", "2", Map.of("If-None-Match", "*")).status())
                .isEqualTo(412);
        assertThat(cache.put("feed/keys/a", "2", Map.of("If-Match", created.header("ETag")))
                        .status())
                .isEqualTo(204);
        assertThat(cache.delete("feed/keys/a").status()).isEqualTo(204);
        assertThat(cache.get("feed/keys/a").status()).isEqualTo(404);
    }

    private void batches() {
        String items = IntStream.range(0, KEYS)
                .mapToObj(i ->
                        "{\"key\":\"k" + i + "\",\"value\":\"MQ==\",\"cacheGroups\":\"\\\"tag-" + i % 2 + "\\\"\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
        assertThat(cache.post("feed/batch/put", items).body().split("\"status\":201", -1))
                .hasSize(KEYS + 1);
        assertThat(found()).isEqualTo(KEYS);
    }

    /** Entries under a tag lie on all masters; the number of the purge on one. */
    private void purges() {
        assertThat(cache.purge("{\"namespace\":\"feed\",\"tags\":[\"tag-1\"]}").status())
                .isEqualTo(202);
        assertThat(found()).isEqualTo(KEYS / 2);
        assertThat(cache.get("feed/keys/k1").status()).isEqualTo(404);
        assertThat(cache.get("feed/keys/k2").status()).isEqualTo(200);
        assertThat(cache.put("feed/keys/k1", "3", Map.of("Cache-Groups", "\"tag-1\""))
                        .status())
                .isEqualTo(201);
        assertThat(cache.get("feed/keys/k1").body()).isEqualTo("3");
    }

    private int found() {
        String keys = IntStream.range(0, KEYS)
                .mapToObj(i -> "\"k" + i + "\"")
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
        return cache.post("feed/batch/get", keys).body().split("\"status\":200", -1).length - 1;
    }

    private void counters() {
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(cache.post("feed/counters/" + name, "{\"delta\":2}").body())
                    .contains("\"value\":2,");
            assertThat(cache.post("feed/counters/" + name, "{}").body()).contains("\"value\":3,");
        }
    }

    private void locks() {
        assertThat(cache.post("feed/locks/l", "{\"owner\":\"a\",\"ttlMillis\":60000}")
                        .status())
                .isEqualTo(200);
        assertThat(cache.post("feed/locks/l", "{\"owner\":\"b\",\"ttlMillis\":60000}")
                        .status())
                .isEqualTo(409);
    }
}
