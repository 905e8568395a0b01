package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.Receiver.Mood;
import dev.sluice.e2e.Receiver.Received;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An event that was answered 202 reaches its endpoint, whichever process is killed meanwhile. */
class SurvivesKillIT {

    private static final int EVENTS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");
    private final Receiver receiver = new Receiver(Mood.TAKES_ALL);

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"api-gateway", "webhook-dispatcher", "cache-service", "metrics-aggregator", "kafka", "redis"})
    void deliversEveryAcceptedEventThoughAProcessIsKilled(String victim) {
        String type = "e2e.kill." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        String webhook = Webhooks.register(client, receiver.url(), type).id();
        long before = platform.processId(victim);
        Set<String> accepted = new HashSet<>();
        for (int i = 0; i < EVENTS; i++) {
            if (i == EVENTS / 3) {
                ProcessHandle.of(before).orElseThrow().destroyForcibly();
            }
            String key = victim + "-" + i;
            await().atMost(PATIENCE)
                    .until(() -> client.answers(202, "POST", "/api/v1/events", Webhooks.event(type, key)));
            accepted.add(key);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.taken()).containsAll(accepted));
        await().atMost(PATIENCE).until(platform::isReady);
        assertThat(platform.processId(victim)).isNotZero().isNotEqualTo(before);
        assertThat(accepted)
                .allSatisfy(key -> assertThat(receiver.attempts(key))
                        .as("a repeated delivery keeps its id, for the receiver to tell it by")
                        .extracting(Received::webhookId)
                        .containsOnly(receiver.attempts(key).getFirst().webhookId()));
        await().atMost(PATIENCE).until(() -> client.answers(204, "DELETE", "/api/v1/webhooks/" + webhook, ""));
    }
}
