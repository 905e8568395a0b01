package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.DomainEvent;
import dev.sluice.webhook.Receiver.Delivery;
import dev.sluice.webhook.fanout.Events;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one process did not finish, the next one does. */
class DispatcherRestartIT {
    private static final int EVENTS = 40;

    @Test
    void whatWasNotAnsweredBeforeAStopIsDeliveredAfterIt() throws Exception {
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                Receiver receiver = new Receiver()) {
            receiver.hang("/hook");
            receiver.answer("/ordered", 500, 500, 500, 500);
            String secret;
            try (Dispatcher first = Dispatcher.start(kafka.bootstrapServers())) {
                String ordered = first.create("acme", receiver.url("/ordered"), "*")
                        .path("id")
                        .asString();
                assertThat(first.call("PATCH", "/api/v1/webhooks/" + ordered, "acme", """
                                        {"ordering":"fifo","retryDelays":["PT1S","PT1S","PT2S","PT2S","PT2S"]}
                                        """)
                                .status())
                        .isEqualTo(200);
                secret = first.create("acme", receiver.url("/hook"), "*")
                        .path("secret")
                        .asString();
                first.publish(IntStream.range(0, EVENTS)
                        .mapToObj(i -> Events.of("acme", "evt-" + i, "a", "{\"n\":" + i + "}"))
                        .toArray(DomainEvent[]::new));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> !receiver.received("/hook").isEmpty()
                                && receiver.received("/ordered").size() > 1);
            }
            int cutOff = receiver.received("/hook").size();
            receiver.release("/hook");

            try (Dispatcher _ = Dispatcher.start(kafka.bootstrapServers())) {
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> bodies(receiver, "/hook", cutOff).size() == EVENTS
                                && bodies(receiver, "/ordered", 0).size() == EVENTS);
            }
            assertThat(bodies(receiver, "/ordered", 0))
                    .as("in the order of their events, although the first failed and the process was another then")
                    .isEqualTo(IntStream.range(0, EVENTS)
                            .mapToObj(i -> "{\"type\":\"a\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{\"n\":" + i
                                    + "}}")
                            .toList());
            assertThat(receiver.received("/hook")
                            .subList(cutOff, receiver.received("/hook").size()))
                    .as("the endpoint and its secret came back from the log")
                    .allMatch(delivery -> delivery.verifies(secret));
        }
    }

    @Test
    void aJobGoesOnAfterAStop() throws Exception {
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                Receiver receiver = new Receiver()) {
            String at;
            String job;
            try (Dispatcher first = Dispatcher.start(kafka.bootstrapServers())) {
                Instant from = Instant.now().minusSeconds(60);
                at = "/api/v1/webhooks/"
                        + first.create("acme", receiver.url("/hook"), "*")
                                .path("id")
                                .asString();
                first.publish(IntStream.range(0, EVENTS)
                        .mapToObj(i -> Events.of("acme", "evt-" + i, "a", "{\"n\":" + i + "}"))
                        .toArray(DomainEvent[]::new));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() == EVENTS);
                String body = "{\"from\":\"" + from + "\",\"perSecond\":5}";
                job = at + "/jobs/"
                        + first.call("POST", at + "/replay", "acme", body)
                                .body()
                                .path("id")
                                .asString();
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() > EVENTS);
            }
            try (Dispatcher second = Dispatcher.start(kafka.bootstrapServers())) {
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> second.call("GET", job, "acme", "")
                                .body()
                                .path("state")
                                .asString()
                                .equals("succeeded"));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() >= 2 * EVENTS);
            }
            assertThat(bodies(receiver, "/hook", EVENTS))
                    .as("each was sent again")
                    .hasSize(EVENTS);
            assertThat(receiver.received("/hook").stream().map(Delivery::id).distinct())
                    .hasSize(EVENTS);
        }
    }

    private static List<String> bodies(Receiver receiver, String path, int from) {
        return receiver.received(path).stream()
                .skip(from)
                .map(Delivery::body)
                .distinct()
                .toList();
    }
}
