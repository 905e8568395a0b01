package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same Idempotency-Key is one event, though the gateway is killed between claim, write and answer. */
class SentAgainIT {

    private static final int EVENTS = 400;
    private static final int SENDERS = 8;
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");
    private final Receiver receiver = new Receiver(Receiver.Mood.TAKES_ALL);
    private final String type =
            "e2e.again." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void writesEachEventOnceThoughItsGatewayIsKilledAndItIsSentUntilTaken() throws Exception {
        String webhook = Webhooks.register(client, receiver.url(), type).id();
        long gateway = platform.processId("api-gateway");
        AtomicInteger taken = new AtomicInteger();
        List<String> keys =
                IntStream.range(0, EVENTS).mapToObj(i -> type + "-" + i).toList();
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<?>> sent = keys.stream()
                    .<Future<?>>map(key -> senders.submit(() -> {
                        await().pollDelay(PAUSE)
                                .pollInterval(PAUSE)
                                .atMost(PATIENCE)
                                .until(() -> isTaken(key));
                        if (taken.incrementAndGet() == EVENTS / 3) {
                            ProcessHandle.of(gateway).orElseThrow().destroyForcibly();
                        }
                    }))
                    .toList();
            for (Future<?> each : sent) {
                each.get();
            }
        }
        assertThat(platform.processId("api-gateway")).isNotEqualTo(gateway);
        assertThat(keys)
                .allSatisfy(key -> assertThat(send(key).header("Sluice-Idempotency"))
                        .as(key)
                        .isEqualTo("replayed"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.taken()).containsAll(keys));
        assertThat(keys)
                .allSatisfy(key -> assertThat(receiver.attempts(key)).as(key).hasSize(1));
        await().atMost(PATIENCE).until(() -> client.answers(204, "DELETE", "/api/v1/webhooks/" + webhook, ""));
    }

    private boolean isTaken(String key) {
        try {
            return send(key).status() == 202;
        } catch (IOException e) {
            return false;
        }
    }

    private Client.Answer send(String key) throws IOException {
        // Without an id: the platform gives one, which has to be the same each time.
        byte[] event = "{\"specversion\":\"1.0\",\"type\":\"%s\",\"data\":{\"key\":\"%s\"}}"
                .formatted(type, key)
                .getBytes(StandardCharsets.UTF_8);
        return client.sendOnce(
                "POST", "/api/v1/events", "application/json", event, Map.of("Idempotency-Key", '"' + key + '"'));
    }
}
