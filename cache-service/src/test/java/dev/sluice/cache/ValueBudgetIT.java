package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values on their way into the cache take no more memory together than they may. */
class ValueBudgetIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BUDGET = 1_000;

    private final CacheProcess cache = new CacheProcess(
            LocalKafka.shared().bootstrapServers(),
            LocalRedis.shared().port(),
            "tenant-" + UUID.randomUUID(),
            Map.of(
                    "sluice.cache.http.max-bytes-in-flight",
                    BUDGET + "B",
                    // The slow value must not be given up before the others were tried.
                    "sluice.web.read-timeout",
                    "60s",
                    "sluice.web.request-timeout",
                    "60s"));

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void refusesWhatDoesNotFitBesideTheValuesThatAreComing() {
        await().atMost(PATIENCE).until(() -> put("before", 200).status() < 300);
        SubmissionPublisher<ByteBuffer> value = new SubmissionPublisher<>();
        CompletableFuture<Integer> slow =
                cache.putSlowly("feed/keys/slow", BodyPublishers.fromPublisher(value, BUDGET - 100));
        await().atMost(PATIENCE).until(() -> put("beside", 200).status() == 503);
        Answer refused = put("beside", 200);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).containsOnlyDigits();
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.body()).contains("\"code\":\"temporary_reduced_capacity\"");
        assertThat(put("small", 50).status()).as("what still fits").isEqualTo(201);

        value.submit(ByteBuffer.wrap(new byte[BUDGET - 100]));
        value.close();
        await().atMost(PATIENCE).until(slow::isDone);
        assertThat(slow).isCompletedWithValue(201);
        await().atMost(PATIENCE).until(() -> put("after", 200).status() != 503);
    }

    private Answer put(String key, int bytes) {
        return cache.put("feed/keys/" + key, "x".repeat(bytes), Map.of());
    }
}
