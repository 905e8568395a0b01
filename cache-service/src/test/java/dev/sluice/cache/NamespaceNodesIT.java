package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is laid down for a namespace on one node holds on all of them, and after a restart. */
class NamespaceNodesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final IsolatedKafka kafka = LocalKafka.newIsolated();
    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheProcess a = newNode();
    private final CacheProcess b = newNode();

    private CacheProcess newNode() {
        return new CacheProcess(kafka.bootstrapServers(), redis.port(), tenant);
    }

    @BeforeEach
    void awaitReady() {
        await().atMost(PATIENCE).until(() -> a.isReady() && b.isReady());
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        redis.close();
        kafka.close();
    }

    @Test
    void whatOneNodeIsToldHoldsOnAll() {
        assertThat(a.put("feed", "{\"maxValueBytes\":3}", JSON).status()).isEqualTo(201);
        assertThat(a.put("feed/keys/k", "1234", Map.of()).status()).isEqualTo(413);
        await().atMost(PATIENCE)
                .until(() -> b.put("feed/keys/k", "1234", Map.of()).status() == 413);
        assertThat(b.get("feed").body()).isEqualTo(a.get("feed").body());
        // All run in one JVM and share what serves them, so that the end of one is the end of all.
        try (CacheProcess c = newNode()) {
            await().atMost(PATIENCE).until(c::isReady);
            assertThat(c.put("feed/keys/k", "1234", Map.of()).status()).isEqualTo(413);
            assertThat(b.delete("feed").status()).isEqualTo(204);
            await().atMost(PATIENCE)
                    .until(() -> a.put("feed/keys/k", "1234", Map.of()).status() < 300);
            assertThat(a.get("feed").status()).isEqualTo(404);
        }
    }
}
