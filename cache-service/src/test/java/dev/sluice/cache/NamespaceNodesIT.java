package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.cache.origin.FakeOrigin;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is laid down for a namespace on one node holds on all of them, and after a restart. */
class NamespaceNodesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    // A busy machine may be late; here nobody is to go on without Redis.
    private static final NodePair NODES = new NodePair(Map.of(
            "sluice.cache.level.second-level-timeout", "20s",
            "spring.data.redis.timeout", "20s",
            "sluice.cache.origin.allow-cidrs", "127.0.0.0/8"));

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
    void whatOneNodeIsToldHoldsOnAll() {
        assertThat(a.put("feed", "{\"maxValueBytes\":3}", JSON).status()).isEqualTo(201);
        assertThat(a.put("feed/keys/k", "1234", Map.of()).status()).isEqualTo(413);
        await().atMost(PATIENCE)
                .until(() -> b.put("feed/keys/k", "1234", Map.of()).status() == 413);
        assertThat(b.get("feed").body()).isEqualTo(a.get("feed").body());
        try (CacheProcess node = NODES.newNode();
                CacheClient c = node.as(tenant)) {
            await().atMost(PATIENCE).until(c::isReady);
            assertThat(c.put("feed/keys/k", "1234", Map.of()).status()).isEqualTo(413);
            assertThat(b.delete("feed").status()).isEqualTo(204);
            await().atMost(PATIENCE)
                    .until(() -> a.put("feed/keys/k", "1234", Map.of()).status() < 300);
            assertThat(a.get("feed").status()).isEqualTo(404);
        }
    }

    @Test
    void aThousandReadsOfAMissingValueOnTwoNodesAskTheOriginOnce() {
        try (FakeOrigin origin = new FakeOrigin()) {
            String url = "{\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\",\"hardTimeout\":\"PT30S\"}}";
            assertThat(a.put("feed", url, JSON).status()).isEqualTo(201);
            await().atMost(PATIENCE).until(() -> b.get("feed").status() == 200);
            origin.answers("/v/k", 200, "made", Map.of());
            origin.hold();
            List<CompletableFuture<Answer>> reads = IntStream.range(0, 1_000)
                    .mapToObj(i -> (i % 2 == 0 ? a : b).getLater("feed/keys/k"))
                    .toList();
            await().atMost(PATIENCE).until(() -> origin.asked("/v/k") > 0);
            origin.letGo();
            assertThat(reads).allSatisfy(read -> {
                assertThat(read.join().status()).isEqualTo(200);
                assertThat(read.join().body()).isEqualTo("made");
            });
            assertThat(origin.asked("/v/k")).isEqualTo(1);
        }
    }

    /** What one node has loaded anew the other does not answer from an older copy. */
    @Test
    void whatOneNodeLoadsTheOthersHearOf() {
        try (FakeOrigin origin = new FakeOrigin()) {
            origin.answers("/v/k", 200, "old", Map.of("Cache-Control", "max-age=3600"));
            assertThat(a.put("feed", "{\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\"}}", JSON)
                            .status())
                    .isEqualTo(201);
            await().atMost(PATIENCE).until(() -> b.get("feed").status() == 200);
            assertThat(a.get("feed/keys/k").body()).isEqualTo("old");
            assertThat(b.get("feed/keys/k").body()).isEqualTo("old");
            origin.answers("/v/k", 200, "new", Map.of());
            assertThat(a.delete("feed/keys/k").status()).isEqualTo(204);
            await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("new"));
            assertThat(a.get("feed/keys/k").body()).isEqualTo("new");
            assertThat(origin.asked("/v/k")).isEqualTo(2);
        }
    }

    @Test
    void theLogTellsWhichKeysToWarm() {
        for (String key : List.of("hot", "warm", "cold")) {
            assertThat(a.put("feed/keys/" + key, key, Map.of()).status()).isEqualTo(201);
        }
        for (int i = 0; i < 9; i++) {
            a.get("feed/keys/hot");
            a.get(i < 5 ? "feed/keys/warm" : "feed/keys/cold");
        }
        await().atMost(PATIENCE).until(() -> reads() >= 18);
        Answer begun = b.warm("{\"namespace\":\"feed\",\"strategy\":\"log\",\"limit\":2}");
        assertThat(begun.status()).isEqualTo(202);
        await().atMost(PATIENCE)
                .until(() -> b.at(begun.header("Location")).body().contains("\"state\":\"succeeded\""));
        assertThat(b.at(begun.header("Location")).body())
                .contains("\"total\":2")
                .contains("\"done\":2");
        assertThat(b.get("feed/keys/hot").header("Cache-Status")).endsWith("l1");
        assertThat(b.get("feed/keys/warm").header("Cache-Status")).endsWith("l1");
        assertThat(b.get("feed/keys/cold").header("Cache-Status")).endsWith("l2");
    }

    private long reads() {
        return NODES.first().readAll(Topics.CACHE_READS).stream()
                .filter(record -> record.key().startsWith(tenant + "|"))
                .mapToLong(record -> record.value().getEntries().size())
                .sum();
    }
}
