package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.RedisSecondLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes on one Kafka and one Redis, each of which may go away. What they hear of each other they hear by the log alone. */
class CacheNodesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String L1 = "sluice; hit; detail=l1";

    private static final NodePair NODES = new NodePair(Map.of("sluice.cache.level.tracking", false));

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
    void whatOneNodeHasAcknowledgedTheOtherAnswersAndNeverGoesBack() {
        for (int round = 0; round < 50; round++) {
            CacheClient writer = round % 2 == 0 ? a : b;
            CacheClient reader = round % 2 == 0 ? b : a;
            String value = "value " + round;
            // A busy machine may miss Redis' deadline once, which is answered 503.
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .until(() -> writer.put("feed/keys/k", value, Map.of()).status() < 300);
            assertThat(writer.get("feed/keys/k").body()).isEqualTo(value);
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> reader.get("feed/keys/k").body().equals(value));
            for (int again = 0; again < 5; again++) {
                assertThat(reader.get("feed/keys/k").body()).isEqualTo(value);
            }
        }
        assertThat(a.delete("feed/keys/k").status()).isEqualTo(204);
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").status() == 404);
    }

    /** As when a process is killed between Redis and the log: the change is made, and nobody is left to tell. */
    @Test
    void aChangeOfANodeThatDiedBeforeItAnnouncedIsHeardOfByAll() {
        assertThat(a.put("feed/keys/k", "old", Map.of()).status()).isEqualTo(201);
        assertThat(b.get("feed/keys/k").body()).isEqualTo("old");
        LettuceConnectionFactory connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration(
                NODES.redis().host(), NODES.redis().port()));
        connections.afterPropertiesSet();
        connections.start();
        CacheValue value = CacheValue.of("new".getBytes(StandardCharsets.UTF_8), "text/plain");
        RedisSecondLevel.withIntents(connections)
                .put(new CacheKey(tenant, "feed", "k"), value, Lifetime.of(Duration.ofHours(1)), Condition.any())
                .block(PATIENCE);
        connections.destroy();

        await().atMost(PATIENCE).until(() -> a.get("feed/keys/k").body().equals("new"));
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("new"));
    }

    @Test
    void whatOneNodeHasPurgedNoNodeAnswersAnyMore() {
        for (int i = 0; i < 100; i++) {
            String path = "feed/keys/k" + i;
            Map<String, String> group = Map.of("Cache-Groups", i < 50 ? "\"x\"" : "\"y\"");
            assertThat(inTime(() -> a.put(path, "old", group)).status()).isBetween(201, 204);
            assertThat(inTime(() -> b.get(path)).body()).isEqualTo("old");
        }
        await().atMost(PATIENCE)
                .until(() -> b.get("feed/keys/k7").header("Cache-Status").equals(L1));
        Answer purged = a.purge("{\"namespace\":\"feed\",\"tags\":[\"x\"]}");
        assertThat(purged.status()).isEqualTo(202);

        for (int i = 0; i < 50; i++) {
            String path = "feed/keys/k" + i;
            assertThat(inTime(() -> a.get(path)).status()).isEqualTo(404);
        }
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k7").status() == 404);
        for (int i = 0; i < 100; i++) {
            String path = "feed/keys/k" + i;
            assertThat(inTime(() -> b.get(path)).status()).isEqualTo(i < 50 ? 404 : 200);
        }
        assertThat(b.put("feed/keys/k7", "new", Map.of("Cache-Groups", "\"x\"")).status())
                .isEqualTo(201);
        assertThat(a.get("feed/keys/k7").body()).isEqualTo("new");
        await().atMost(PATIENCE)
                .until(() -> b.purgeAt(purged.header("Location")).body().contains("\"stage\":\"done\""));
        assertThat(a.get("feed/keys/k7").body()).isEqualTo("new");
    }

    @Test
    void aNodeThatHearsNothingFromTheLogDoesNotAnswerWhatWasPurged() {
        assertThat(a.put("feed/keys/k", "old", Map.of()).status()).isEqualTo(201);
        assertThat(b.get("feed/keys/k").body()).isEqualTo("old");
        NODES.kafka().stop();
        await().atMost(PATIENCE).until(() -> !a.followsTheLog() && !b.followsTheLog());
        Answer refused = a.purge("{\"namespace\":\"feed\"}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("The purge is made");
        // A busy machine may miss Redis' deadline once, which is answered 503.
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").status() != 503);
        assertThat(b.get("feed/keys/k").status()).isEqualTo(404);
        NODES.kafka().start();
        await().atMost(PATIENCE).until(() -> a.followsTheLog() && b.followsTheLog());
        assertThat(b.get("feed/keys/k").status()).isEqualTo(404);
    }

    @Test
    void withoutRedisTheFirstLevelAnswersUntilItIsBack() {
        assertThat(a.put("feed/keys/known", "1", Map.of()).status()).isEqualTo(201);
        NODES.redis().kill();
        Answer hit = a.get("feed/keys/known");
        assertThat(hit.status()).isEqualTo(200);
        assertThat(hit.header("Cache-Status")).isEqualTo(L1);
        Answer refused = a.put("feed/keys/known", "2", Map.of());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(a.get("feed/keys/unknown").status()).isEqualTo(503);
        assertThat(a.isReady()).isTrue();
        assertThat(a.info().status()).isEqualTo(200);
        assertThat(a.info().body()).contains("\"redis_version\":null", "\"status\":\"down\"");
        assertThat(a.management("/actuator/health").body())
                .contains("\"redis\":{")
                .contains("DOWN");
        NODES.redis().start();
        await().atMost(PATIENCE)
                .until(() -> a.put("feed/keys/known", "3", Map.of()).status() == 201);
        assertThat(a.get("feed/keys/known").body()).isEqualTo("3");
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/known").body().equals("3"));
    }

    @Test
    void withoutRedisANodeKeepsWhatANamespaceWantsAndNothingOlderComesBack() {
        Map<String, String> json = Map.of("Content-Type", "application/json");
        assertThat(a.put("feed", "{\"writesWithoutRedis\":\"first-level\"}", json)
                        .status())
                .isEqualTo(201);
        await().atMost(PATIENCE)
                .until(() -> a.put("feed/keys/k", "old", Map.of()).status() < 300);
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("old"));
        NODES.redis().pause();
        // Redis makes the first one when it goes on.
        assertThat(a.put("feed/keys/k", "old", Map.of()).header("Warning")).startsWith("199 sluice");
        assertThat(a.put("feed/keys/k", "new", Map.of()).header("Warning")).startsWith("199 sluice");
        assertThat(a.get("feed/keys/k").body()).isEqualTo("new");
        await().atMost(PATIENCE).until(() -> !b.get("feed/keys/k").body().equals("old"));
        NODES.redis().resume();
        await().atMost(PATIENCE).until(() -> a.get("feed/keys/k").status() != 503);
        assertThat(a.get("feed/keys/k").body()).isNotEqualTo("old");
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").status() == 404);
        for (int i = 0; i < 20; i++) {
            assertThat(a.get("feed/keys/k").body()).isNotEqualTo("old");
            assertThat(b.get("feed/keys/k").body()).isNotEqualTo("old");
        }
        // Until it has noticed that Redis is back, the node may keep this one by itself too, and says so.
        await().atMost(PATIENCE).until(() -> {
            Answer stored = a.put("feed/keys/k", "newest", Map.of());
            return stored.status() < 300 && stored.header("Warning").isEmpty();
        });
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("newest"));
    }

    @Test
    void withoutTheLogNoNodeTrustsItsMemoryAndAWriteIsNotAcknowledged() {
        assertThat(a.put("feed/keys/k", "1", Map.of()).status()).isEqualTo(201);
        assertThat(a.get("feed/keys/k").header("Cache-Status")).isEqualTo(L1);
        NODES.kafka().stop();
        await().atMost(PATIENCE).until(() -> !a.followsTheLog() && !b.followsTheLog());
        // A busy machine may miss Redis' deadline once, which is answered 503.
        await().atMost(PATIENCE)
                .until(() -> a.get("feed/keys/k").header("Cache-Status").equals("sluice; hit; detail=l2"));
        Answer refused = a.put("feed/keys/k", "2", Map.of());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("The change is made");
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("2"));
        NODES.kafka().start();
        await().atMost(PATIENCE).until(() -> a.followsTheLog() && b.followsTheLog());
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("2"));
        await().atMost(PATIENCE).until(() -> a.put("feed/keys/k", "3", Map.of()).status() == 204);
        await().atMost(PATIENCE).until(() -> b.get("feed/keys/k").body().equals("3"));
    }

    /** A busy machine may miss Redis' deadline once, which is answered 503. */
    private static Answer inTime(Supplier<Answer> call) {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(call::get, answer -> answer.status() != 503);
    }
}
