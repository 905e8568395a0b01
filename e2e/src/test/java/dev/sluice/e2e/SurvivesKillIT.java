package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.Receiver.Mood;
import dev.sluice.e2e.Receiver.Received;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An event that was answered 202 reaches its endpoint, whichever process is killed meanwhile. What becomes of events while those are killed
 * that carry them is {@link WebhookChaosIT}.
 */
class SurvivesKillIT {

    private static final int EVENTS = 120;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");
    private final Receiver receiver = new Receiver(Mood.TAKES_ALL);

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-gateway", "cache-service", "metrics-aggregator", "redis"})
    void deliversEveryAcceptedEventThoughAProcessIsKilled(String victim) {
        String type = "e2e.kill." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        String webhook = Webhooks.register(client, receiver.url(), type).id();
        List<String> keys =
                IntStream.range(0, EVENTS).mapToObj(i -> victim + "-" + i).toList();
        keys.subList(0, EVENTS / 3).forEach(key -> publish(type, key, Duration.ZERO));
        long killed = platform.kill(victim);
        // The others come in while it is away and starts again.
        keys.subList(EVENTS / 3, EVENTS).forEach(key -> publish(type, key, PAUSE));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.taken()).containsAll(keys));
        await().atMost(PATIENCE).until(() -> platform.isReadyAgain(victim, killed));
        assertThat(keys)
                .allSatisfy(key -> assertThat(receiver.attempts(key))
                        .as("a repeated delivery keeps its id, for the receiver to tell it by")
                        .extracting(Received::webhookId)
                        .containsOnly(receiver.attempts(key).getFirst().webhookId()));
        await().atMost(PATIENCE).until(() -> client.answers(204, "DELETE", "/api/v1/webhooks/" + webhook, ""));
    }

    /** Sent again until it is taken. */
    private void publish(String type, String key, Duration pause) {
        await().pollDelay(pause)
                .pollInterval(PAUSE)
                .atMost(PATIENCE)
                .until(() -> client.answers(202, "POST", "/api/v1/events", Webhooks.event(type, key)));
    }
}
