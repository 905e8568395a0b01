package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import dev.sluice.schemas.Topics;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes share one quota; what happens behind their backs is found. */
class QuotaNodesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static final NodePair NODES =
            new NodePair(Map.of("sluice.cache.level.second-level-timeout", "20s", "spring.data.redis.timeout", "20s"));

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheClient a = NODES.first().as(tenant);
    private final CacheClient b = NODES.second().as(tenant);

    @AfterAll
    static void stop() {
        NODES.close();
    }

    @BeforeEach
    void awaitReady() {
        NODES.awaitReady();
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    @Test
    void nodesShareAQuotaAndOthersHaveTheirOwn() {
        assertThat(a.put("feed/keys/before", "1", Map.of()).status()).isEqualTo(201);
        layDown("{\"maxEntries\":10}");
        await().atMost(PATIENCE).until(() -> usage(b).contains("\"complete\":true"));
        List<CompletableFuture<Answer>> puts = IntStream.range(0, 30)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? a : b).put("feed/keys/k" + i, "1", Map.of())))
                .toList();
        assertThat(puts.stream().map(put -> put.join().status()))
                .containsOnly(201, 429)
                .filteredOn(status -> status == 201)
                .hasSize(9);
        assertThat(usage(a)).contains("\"entries\":{\"used\":10,\"limit\":10}", "\"complete\":true");
        assertThat(b.post(
                                "feed/batch/put",
                                "{\"items\":[{\"key\":\"before\",\"value\":\"eA==\"},{\"key\":\"new\",\"value\":\"eA==\"}]}")
                        .body())
                .contains("\"status\":204", "\"status\":429");
        assertThat(a.put("free/keys/k", "1", Map.of()).status()).isEqualTo(201);
        try (CacheClient others = NODES.second().as(tenant + "-other")) {
            assertThat(others.put("feed/keys/k", "1", Map.of()).status()).isEqualTo(201);
            assertThat(others.get("feed/usage").status()).isEqualTo(404);
        }
    }

    /** The ledger of a tenant is one for all its namespaces: no two puts may both see the last place. */
    @Test
    void nodesShareTheQuotaOfATenantWhateverTheNamespace() {
        NODES.first()
                .write(
                        Topics.TIERS,
                        "small",
                        Tier.newBuilder()
                                .setName("small")
                                .setDescription("Test.")
                                .setLimits(List.of())
                                .setCacheMaxEntries(20L)
                                .setUpdatedAt(Instant.EPOCH)
                                .build());
        NODES.first()
                .write(
                        Topics.TENANTS,
                        tenant,
                        Tenant.newBuilder()
                                .setId(tenant)
                                .setName("Test")
                                .setTier("small")
                                .setCreatedAt(Instant.EPOCH)
                                .setUpdatedAt(Instant.EPOCH)
                                .build());
        await().atMost(PATIENCE)
                .until(() -> Stream.of(a, b)
                        .allMatch(node -> usage(node).contains("\"tenant\":{")
                                && usage(node).contains("\"complete\":true")));
        List<CompletableFuture<Answer>> puts = IntStream.range(0, 80)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? a : b).put(key(i), "value", Map.of())))
                .toList();
        assertThat(puts.stream().map(put -> put.join().status()))
                .containsOnly(201, 429)
                .filteredOn(status -> status == 201)
                .hasSize(20);
        assertThat(IntStream.range(0, 80)
                        .mapToObj(i -> (i % 2 == 0 ? b : a).get(key(i)).status()))
                .filteredOn(status -> status == 200)
                .hasSize(20);
        assertThat(usage(b)).contains("\"tenant\":{\"entries\":{\"used\":20,\"limit\":20}");
    }

    /** Half of those of either node in either namespace. */
    private static String key(int i) {
        return (i / 2 % 2 == 0 ? "feed" : "other") + "/keys/k" + i;
    }

    @Test
    void whatIsRemovedBehindTheirBacksMakesRoom() {
        layDown("{\"maxEntries\":3,\"maxBytes\":100000}");
        for (String key : List.of("x", "y", "z")) {
            assertThat(a.put("feed/keys/" + key, "1", Map.of()).status()).isEqualTo(201);
        }
        assertThat(b.put("feed/keys/w", "1", Map.of()).status()).isEqualTo(429);
        RedisClient client = RedisClient.create(
                RedisURI.create(NODES.redis().host(), NODES.redis().port()));
        try (StatefulRedisConnection<String, String> byHand = client.connect()) {
            byHand.sync().del("c:{" + tenant + ":feed:x}");
            byHand.sync().del("q:" + tenant);
            await().atMost(PATIENCE)
                    .until(() -> usage(a).contains("\"complete\":true") && usage(a).contains("\"used\":2,"));
            assertThat(b.put("feed/keys/w", "1", Map.of()).status()).isEqualTo(201);
            assertThat(a.put("feed/keys/v", "1", Map.of()).status()).isEqualTo(429);
            byHand.sync().flushall();
        } finally {
            client.shutdown();
        }
        assertThat(b.put("feed/keys/v", "1", Map.of()).status()).isEqualTo(201);
    }

    private void layDown(String json) {
        assertThat(a.put("feed", json, JSON).status()).isEqualTo(201);
        await().atMost(PATIENCE).until(() -> b.get("feed").status() == 200);
    }

    private static String usage(CacheClient node) {
        return node.get("feed/usage").body();
    }
}
