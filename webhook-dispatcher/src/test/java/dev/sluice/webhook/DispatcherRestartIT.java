package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.Receiver.Delivery;
import dev.sluice.webhook.fanout.Events;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What one process did not finish, the next one does, or gives up if it has waited for too long. */
class DispatcherRestartIT {
    private static final int EVENTS = 40;
    /** Of a job, five in a second. */
    private static final int REPLAYED = 20;

    private static IsolatedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.newIsolated();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void whatWasNotAnsweredBeforeAStopIsDeliveredAfterIt() throws Exception {
        try (Receiver receiver = new Receiver()) {
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
    void aJobGoesOnAfterAStopAndAfterAKill() throws Exception {
        try (Receiver receiver = new Receiver()) {
            String at;
            String job;
            String paused;
            String pausedSince;
            try (Dispatcher first = Dispatcher.start(kafka.bootstrapServers())) {
                Instant from = Instant.now().minusSeconds(60);
                paused = first.create("globex", receiver.url("/paused"), "none")
                        .path("id")
                        .asString();
                JsonNode pause = first.call("POST", "/api/v1/webhooks/" + paused + "/pause", "globex", "")
                        .body();
                pausedSince = pause.path("webhook").path("statusSince").asString("");
                assertThat(pausedSince).isNotEmpty();
                first.publish(
                        waiting("msg_old", paused),
                        Instant.now().minus(Duration.ofDays(6)).minusSeconds(1));
                first.publish(waiting("msg_young", paused), Instant.now().minus(Duration.ofDays(5)));
                at = "/api/v1/webhooks/"
                        + first.create("globex", receiver.url("/hook"), "a")
                                .path("id")
                                .asString();
                first.publish(IntStream.range(0, REPLAYED)
                        .mapToObj(i -> Events.of("globex", "evt-" + i, "a", "{\"n\":" + i + "}"))
                        .toArray(DomainEvent[]::new));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() == REPLAYED);
                String body = "{\"from\":\"" + from + "\",\"perSecond\":5}";
                job = at + "/jobs/"
                        + first.call("POST", at + "/replay", "globex", body)
                                .body()
                                .path("id")
                                .asString();
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() > REPLAYED);
            }
            try (Dispatcher second = Dispatcher.start(kafka.bootstrapServers())) {
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> second.call("GET", job, "globex", "")
                                .body()
                                .path("state")
                                .asString()
                                .equals("succeeded"));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() >= 2 * REPLAYED);
                await().atMost(Dispatcher.PATIENCE).until(() -> isExpired(second, paused, "msg_old"));
                assertThat(second.call("GET", "/api/v1/webhooks/" + paused, "globex", "")
                                .body()
                                .path("statusSince")
                                .asString(""))
                        .isEqualTo(pausedSince);
                second.call("POST", "/api/v1/webhooks/" + paused + "/resume", "globex", "");
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> !receiver.received("/paused").isEmpty());
                assertThat(receiver.received("/paused"))
                        .as("what waited for six days was given up, the other one not")
                        .extracting(Delivery::id)
                        .containsExactly("msg_young");

                // As if it had been killed on the way: all that is left of it is what it said last.
                int sent = receiver.received("/hook").size();
                second.writeAgain(onTheWay(second, job.substring(job.lastIndexOf('/') + 1)));
                await().atMost(Dispatcher.PATIENCE)
                        .until(() -> receiver.received("/hook").size() > sent
                                && second.call("GET", job, "globex", "")
                                        .body()
                                        .path("state")
                                        .asString()
                                        .equals("succeeded"));
            }
            assertThat(bodies(receiver, "/hook", REPLAYED))
                    .as("each was sent again")
                    .hasSize(REPLAYED);
            assertThat(receiver.received("/hook").stream().map(Delivery::id).distinct())
                    .hasSize(REPLAYED);
        }
    }

    /** What a dispatcher said while it worked on a job. */
    private static ConsumerRecord<byte[], byte[]> onTheWay(Dispatcher dispatcher, String job) {
        RecordDecoder<JobProgress> decoder = RecordDecoder.of(JobProgress.class);
        List<ConsumerRecord<byte[], byte[]>> said = dispatcher.read(Topics.JOB_PROGRESS.name(), job).stream()
                .filter(record -> decoder.decode(record.value()).getState() == JobState.RUNNING)
                .toList();
        return said.get(said.size() / 2);
    }

    private static boolean isExpired(Dispatcher dispatcher, String endpoint, String id) {
        JsonNode delivery = dispatcher
                .call("GET", "/api/v1/webhooks/" + endpoint + "/deliveries/" + id, "globex", "")
                .body();
        return delivery.path("state").asString().equals("dead")
                && delivery.path("lastError").asString().equals("expired");
    }

    private static WebhookDelivery waiting(String id, String endpoint) {
        return WebhookDelivery.newBuilder()
                .setId(id)
                .setTenant("globex")
                .setEndpointId(endpoint)
                .setEventId("evt-1")
                .setEventType("a")
                .setEventTime(Instant.EPOCH)
                .setContentType("application/json")
                .setBody(ByteBuffer.wrap(new byte[] {'1'}))
                .setAttempt(0)
                .setDueAt(Instant.EPOCH)
                .setCreatedAt(Instant.now())
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }

    private static List<String> bodies(Receiver receiver, String path, int from) {
        return receiver.received(path).stream()
                .skip(from)
                .map(Delivery::body)
                .distinct()
                .toList();
    }
}
