package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.Receiver.Mood;
import dev.sluice.e2e.Receiver.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Two dispatchers and the broker are killed in turns while events come in, and the books balance: what was accepted is delivered or given up at
 * each webhook that wants it. {@code benchmarks/webhooks.sh chaos} is the same for longer, with more of it.
 */
class WebhookChaosIT {

    /** Between two faults. */
    private static final int EVENTS = 20;

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String QUICK = "\"retryDelays\":[\"PT1S\",\"PT1S\",\"PT1S\",\"PT1S\",\"PT1S\"]";

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");
    private final String type =
            "e2e.turns." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final List<String> accepted = new ArrayList<>();
    private final Map<Receiver, String> webhooks = new HashMap<>();

    @AfterEach
    void stop() {
        webhooks.forEach((receiver, id) -> {
            receiver.close();
            await().atMost(PATIENCE).until(() -> client.answers(204, "DELETE", at(id), ""));
        });
    }

    @Test
    void whatWasAcceptedIsDeliveredOrGivenUpThoughTwoDispatchersAndTheBrokerAreKilledInTurns() {
        FurtherDispatcher further = FurtherDispatcher.start(platform);
        Receiver steady = webhook(Mood.REFUSES_SOME, QUICK);
        Receiver picky = webhook(Mood.ENDS_SOME, QUICK);
        Receiver ordered = webhook(Mood.REFUSES_SOME, "\"ordering\":\"fifo\"," + QUICK);
        Receiver flapping = webhook(Mood.TAKES_ALL, QUICK);

        try {
            publish();
            further.awaitReady();
            await().atMost(PATIENCE).until(() -> client.answers(200, "POST", at(flapping) + "/pause", ""));
            further.kill();
            publish();
            further = FurtherDispatcher.start(platform);
            long dispatcher = platform.kill("webhook-dispatcher");
            publish();
            await().atMost(PATIENCE).until(() -> platform.isReadyAgain("webhook-dispatcher", dispatcher));
            await().atMost(PATIENCE).until(() -> client.answers(200, "POST", at(flapping) + "/resume", ""));
            further.awaitReady();
            long broker = platform.kill("kafka");
            publish();
            await().atMost(PATIENCE).until(() -> platform.isReadyAgain("kafka", broker));
            publish();

            Stream.of(steady, picky, ordered, flapping).forEach(this::awaitBalance);
        } finally {
            further.close();
        }
        assertThat(ordered.received().stream()
                        .filter(one -> one.answered() < 300)
                        .map(Received::eventKey)
                        .distinct())
                .as("each once the one before was taken, whoever has died meanwhile")
                .containsExactlyElementsOf(accepted);
        assertThat(Stream.of(steady, picky, ordered, flapping))
                .allSatisfy(receiver -> assertThat(accepted)
                        .allSatisfy(key -> assertThat(receiver.attempts(key))
                                .as("a repetition keeps its id, for the receiver to tell it by")
                                .extracting(Received::webhookId)
                                .containsOnly(receiver.attempts(key).getFirst().webhookId())));
    }

    private Receiver webhook(Mood mood, String fields) {
        Receiver receiver = new Receiver(mood);
        String id = Webhooks.register(client, receiver.url(), type).id();
        webhooks.put(receiver, id);
        assertThat(client.send("PATCH", at(id), MERGE_PATCH, "{" + fields + "}").status())
                .isEqualTo(200);
        return receiver;
    }

    private static String at(String id) {
        return "/api/v1/webhooks/" + id;
    }

    private String at(Receiver receiver) {
        return at(webhooks.getOrDefault(receiver, ""));
    }

    /** Of one subject, so that there is an order; each is sent until it is taken, and only then the next. */
    private void publish() {
        for (int i = 0; i < EVENTS; i++) {
            String key = type.replace('.', '-') + "-" + accepted.size();
            String event = Webhooks.event(type, key).replaceFirst("\\{", "{\"subject\":\"one\",");
            await().pollDelay(Duration.ZERO)
                    .pollInterval(PAUSE)
                    .atMost(PATIENCE)
                    .until(() -> client.answers(202, "POST", "/api/v1/events", event));
            accepted.add(key);
        }
    }

    /** What the platform says became of each event is what its receiver knows, and nothing is open. */
    private void awaitBalance(Receiver receiver) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            Map<String, String> said = said(receiver);
            assertThat(said).containsOnlyKeys(accepted);
            assertThat(said.values()).doesNotContain("retrying");
            Map<String, String> known = new HashMap<>();
            receiver.received()
                    .forEach(one -> known.merge(
                            one.eventKey(),
                            one.answered() < 300 ? "delivered" : "dead",
                            (a, b) -> a.equals("delivered") ? a : b));
            assertThat(said).isEqualTo(known);
        });
    }

    /** The state of each delivery by its event. */
    private Map<String, String> said(Receiver receiver) {
        Map<String, String> said = new HashMap<>();
        String cursor = "";
        do {
            Client.Answer page = client.get(at(receiver) + "/deliveries?limit=100" + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            for (JsonNode delivery : page.json().path("data")) {
                said.put(
                        delivery.path("eventId").asString(),
                        delivery.path("state").asString());
            }
            String next = page.json().path("nextCursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return said;
    }
}
