package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.RedisSecondLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes, and a Redis in which somebody changes things without telling them. */
class BehindTheBackIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String L1 = "sluice; hit; detail=l1";

    private static final NodePair NODES = new NodePair(Map.of());

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheClient a = NODES.first().as(tenant);
    private final CacheClient b = NODES.second().as(tenant);
    private final LettuceConnectionFactory operator = new LettuceConnectionFactory(
            new RedisStandaloneConfiguration(NODES.redis().host(), NODES.redis().port()));

    @AfterAll
    static void stop() {
        NODES.close();
    }

    @BeforeEach
    void awaitReady() {
        operator.afterPropertiesSet();
        operator.start();
        NODES.awaitReady();
        await().atMost(PATIENCE).until(() -> listens(a) && listens(b));
        // A busy machine may miss Redis' deadline once, which is answered 503.
        await().atMost(PATIENCE)
                .until(() -> a.put("feed/keys/k", "old", Map.of()).status() < 300);
        await().atMost(PATIENCE)
                .until(() -> a.get("feed/keys/k").header("Cache-Status").equals(L1)
                        && b.get("feed/keys/k").header("Cache-Status").equals(L1));
    }

    @AfterEach
    void close() {
        operator.destroy();
        a.close();
        b.close();
    }

    @Test
    void whatIsDeletedByHandNoNodeAnswers() {
        deleteByHand();
        await().atMost(PATIENCE)
                .until(() -> a.get("feed/keys/k").status() == 404
                        && b.get("feed/keys/k").status() == 404);
    }

    @Test
    void whatIsWrittenWithoutAWordOnTheLogBothNodesAnswer() {
        new RedisSecondLevel(operator)
                .put(
                        new CacheKey(tenant, "feed", "k"),
                        CacheValue.of("new".getBytes(StandardCharsets.UTF_8), "text/plain"),
                        Lifetime.of(Duration.ofHours(1)),
                        Condition.any())
                .block(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> a.get("feed/keys/k").body().equals("new")
                        && b.get("feed/keys/k").body().equals("new"));
    }

    /** It would keep its copy to the end, as nobody tells it. */
    @Test
    void whatNobodyIsToldOfTheAuditFinds() {
        Map<String, Object> settings = Map.of(
                "sluice.cache.level.tracking",
                false,
                "sluice.cache.audit.per-second",
                1000,
                "sluice.cache.audit.propagation",
                "200ms");
        try (CacheProcess node = new CacheProcess(
                        NODES.kafka().bootstrapServers(), NODES.redis().port(), tenant, settings);
                CacheClient deaf = node.as(tenant)) {
            await().atMost(PATIENCE).until(deaf::followsTheLog);
            // On a busy machine the node may lose the log for a moment, and with it the copy before anybody looks; so
            // once more.
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
                await().atMost(PATIENCE)
                        .until(() ->
                                deaf.get("feed/keys/k").header("Cache-Status").equals(L1));
                deleteByHand();
                await().atMost(PATIENCE).until(() -> deaf.get("feed/keys/k").status() == 404);
                boolean found = hasFoundAnOrphan(deaf);
                await().atMost(PATIENCE)
                        .until(() -> a.put("feed/keys/k", "old", Map.of()).status() < 300);
                return found;
            });
        }
    }

    private static boolean hasFoundAnOrphan(CacheClient node) {
        return node.management("/actuator/prometheus")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("sluice_cache_audit_copies_total")
                        && line.contains("result=\"orphaned\"")
                        && !line.endsWith(" 0.0"));
    }

    private void deleteByHand() {
        String name = "c:{" + tenant + ":feed:k}";
        assertThat(operator.getConnection().keyCommands().del(name.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(1);
    }

    private static boolean listens(CacheClient node) {
        return node.management("/actuator/prometheus")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("sluice_cache_tracking_connected") && line.endsWith(" 1.0"));
    }
}
