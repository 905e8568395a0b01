package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.Dispatcher.Reply;
import dev.sluice.webhook.Receiver.Delivery;
import dev.sluice.webhook.fanout.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Owners ask what became of deliveries, either of two dispatchers, and have some sent again. */
class DeliveryHistoryIT {

    private static IsolatedKafka kafka;
    private static Receiver receiver;
    private static Dispatcher dispatcher;
    private static Dispatcher second;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();

    @BeforeAll
    static void start() throws IOException {
        kafka = LocalKafka.newIsolated();
        receiver = new Receiver();
        dispatcher = Dispatcher.start(kafka.bootstrapServers());
        second = Dispatcher.start(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        second.close();
        dispatcher.close();
        receiver.close();
        kafka.close();
    }

    @Test
    void everyAttemptIsToldByWhicheverDispatcherIsAsked() {
        String at = create("*");
        receiver.answer(path, 500, 302);
        dispatcher.publish(Events.of(tenant, "evt-1", "order.created", "{}"));
        awaitAttempts(at, 3);

        List<JsonNode> attempts = data(dispatcher, at + "/attempts");
        assertThat(attempts)
                .extracting(attempt -> attempt.path("attempt").asInt())
                .containsExactly(3, 2, 1);
        assertThat(attempts)
                .extracting(attempt -> attempt.path("status").asInt())
                .containsExactly(204, 302, 500);
        assertThat(attempts)
                .extracting(attempt -> attempt.path("state").asString())
                .containsExactly("delivered", "retrying", "retrying");
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.path("eventId").asString()).isEqualTo("evt-1");
            assertThat(attempt.path("eventType").asString()).isEqualTo("order.created");
            assertThat(attempt.path("durationMillis").isNumber()).isTrue();
            assertThat(attempt.path("timings").path("waitMillis").isNumber()).isTrue();
            assertThat(attempt.path("protocol").asString()).isEqualTo("http/1.1");
            assertThat(attempt.path("timings").path("totalMillis")).isEqualTo(attempt.path("durationMillis"));
        });
        for (String query : List.of("/attempts", "/deliveries", "/attempts?limit=1", "/deliveries?state=delivered")) {
            await().atMost(Dispatcher.PATIENCE)
                    .untilAsserted(() -> assertThat(page(second, at + query)).isEqualTo(page(dispatcher, at + query)));
        }
        JsonNode delivery = data(dispatcher, at + "/deliveries").getFirst();
        assertThat(delivery.path("state").asString()).isEqualTo("delivered");
        assertThat(delivery.path("attempts").asInt()).isEqualTo(3);
        String id = delivery.path("id").asString();
        assertThat(id).isEqualTo(receiver.received(path).getFirst().id());
        Reply one = get(dispatcher, at + "/deliveries/" + id);
        assertThat(one.body().path("log").size()).isEqualTo(3);
        JsonNode request = get(second, at + "/deliveries/" + id + "?include=request")
                .body()
                .path("request");
        Delivery last = receiver.received(path).getLast();
        assertThat(request.path("attempt").asInt()).isEqualTo(3);
        assertThat(request.path("body").asString()).isEqualTo(last.body());
        for (String header : List.of(
                "webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent", "traceparent")) {
            assertThat(request.path("headers").path(header).asString(""))
                    .as(header)
                    .isEqualTo(last.header(header));
        }
        assertThat(get(dispatcher, at + "/deliveries/msg_none").status()).isEqualTo(404);
        JsonNode stats = get(dispatcher, at + "/stats?window=PT1H").body();
        assertThat(stats.path("attempts").path("total").asInt()).isEqualTo(3);
        assertThat(stats.path("attempts").path("delivered").asInt()).isEqualTo(1);
        assertThat(stats.path("deliveries").path("delivered").asInt()).isEqualTo(1);
        assertThat(stats.path("status").asString()).isEqualTo("active");
    }

    @Test
    void whatWasGivenUpIsRecoveredUnderItsOldId() {
        String at = create("*");
        receiver.answer(path, 500, 500, 500, 500, 500, 500, 500, 500);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"), Events.of(tenant, "evt-2", "b", "{}"));
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> data(dispatcher, at + "/deliveries?state=dead").size() == 2);
        Set<String> ids = ids();
        String from = Instant.now().minus(Duration.ofHours(1)).toString();

        JsonNode job = awaitOver(at, begin(at + "/recover", "{\"from\":\"" + from + "\"}"));
        assertThat(job.path("state").asString()).isEqualTo("succeeded");
        assertThat(job.path("kind").asString()).isEqualTo("recover");
        assertThat(job.path("sent").asInt()).isEqualTo(2);
        assertThat(job.path("looked")).isEqualTo(job.path("total"));
        await().atMost(Dispatcher.PATIENCE)
                .until(() ->
                        data(dispatcher, at + "/deliveries?state=delivered").size() == 2);
        assertThat(receiver.received(path)).hasSize(10);
        assertThat(ids()).isEqualTo(ids);

        JsonNode again = awaitOver(at, begin(at + "/recover", "{\"from\":\"" + from + "\"}"));
        assertThat(again.path("sent").asInt()).as("delivered since").isZero();
        assertThat(again.path("skipped").asInt()).isEqualTo(2);
        assertThat(data(second, at + "/jobs"))
                .extracting(one -> one.path("id"))
                .containsExactly(again.path("id"), job.path("id"));
    }

    @Test
    void eventsOfThePastAreReplayedToWhatMatchesNow() {
        String witness = create("*");
        String at = dispatcher
                .create(tenant, receiver.url(path + "-late"), "order.*")
                .path("id")
                .asString();
        Instant from = Instant.now().minus(Duration.ofMinutes(1));
        dispatcher.publish(IntStream.range(0, 6)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, i < 4 ? "order.created" : "other", "{}"))
                .toArray(dev.sluice.record.DomainEvent[]::new));
        awaitAttempts(witness, 6);
        awaitAttempts("/api/v1/webhooks/" + at, 4);
        dispatcher.call("PATCH", "/api/v1/webhooks/" + at, tenant, "{\"eventTypes\":[\"*\"]}");

        JsonNode job = awaitOver(
                "/api/v1/webhooks/" + at, begin("/api/v1/webhooks/" + at + "/replay", "{\"from\":\"" + from + "\"}"));
        assertThat(job.path("sent").asInt()).isEqualTo(6);
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> receiver.received(path + "-late").size() == 10);
        assertThat(receiver.received(path + "-late").stream().map(Delivery::id).distinct())
                .as("the first four have the ids that they had")
                .hasSize(6);
        assertThat(receiver.received(path)).as("nobody else gets them").hasSize(6);
    }

    @Test
    void aJobThatIsCancelledSendsNoMore() {
        String at = create("*");
        String from = Instant.now().minus(Duration.ofMinutes(1)).toString();
        dispatcher.publish(IntStream.range(0, 50)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, "a", "{}"))
                .toArray(dev.sluice.record.DomainEvent[]::new));
        awaitAttempts(at, 50);
        String id = begin(at + "/replay", "{\"from\":\"" + from + "\",\"perSecond\":1}");

        Reply cancelled = second.call("POST", at + "/jobs/" + id + "/cancel", tenant, "");
        assertThat(cancelled.status()).isEqualTo(202);
        JsonNode job = awaitOver(at, id);
        assertThat(job.path("state").asString()).isEqualTo("cancelled");
        assertThat(job.path("sent").asInt()).isLessThan(50);
        assertThat(second.call("POST", at + "/jobs/" + id + "/cancel", tenant, "")
                        .status())
                .isEqualTo(409);
        assertThat(get(second, at + "/jobs/" + id + "0").status()).isEqualTo(404);
        assertThat(dispatcher.call("GET", at + "/jobs/" + id, "other", "").status())
                .isEqualTo(404);
    }

    private String begin(String at, String body) {
        Reply reply = dispatcher.call("POST", at, tenant, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        return reply.body().path("id").asString();
    }

    private JsonNode awaitOver(String at, String id) {
        return await().atMost(Dispatcher.PATIENCE)
                .until(
                        () -> get(dispatcher, at + "/jobs/" + id).body(),
                        job -> !Set.of("queued", "running")
                                .contains(job.path("state").asString()));
    }

    private Set<String> ids() {
        return receiver.received(path).stream().map(Delivery::id).collect(Collectors.toSet());
    }

    @Test
    void pagesAndFiltersLeaveNothingOutAndSayNothingTwice() {
        String at = create("*");
        dispatcher.publish(IntStream.range(0, 25)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, i % 5 == 0 ? "a.b" : "c", "{}"))
                .toArray(dev.sluice.record.DomainEvent[]::new));
        awaitAttempts(at, 25);

        for (String list : List.of("/attempts", "/deliveries")) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                Reply page = get(dispatcher, at + list + "?limit=4" + cursor);
                page.body()
                        .path("data")
                        .forEach(one -> seen.add(one.path("eventId").asString()));
                JsonNode next = page.body().path("nextCursor");
                cursor = next.isString() ? "&cursor=" + next.asString() : "";
            } while (!cursor.isEmpty());
            assertThat(seen).hasSize(25).doesNotHaveDuplicates();
            assertThat(data(dispatcher, at + list + "?type=a.*")).hasSize(5);
            assertThat(data(dispatcher, at + list + "?state=dead")).isEmpty();
            Instant now = Instant.now();
            assertThat(data(dispatcher, at + list + "?from=" + now.minus(Duration.ofHours(1)) + "&to=" + now))
                    .hasSize(25);
            assertThat(data(dispatcher, at + list + "?to=" + now.minus(Duration.ofHours(1))))
                    .isEmpty();
        }
        for (String bad : List.of("state=gone", "type=A", "from=now", "cursor=x", "limit=0", "nobody=1")) {
            assertThat(get(dispatcher, at + "/attempts?" + bad).status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }

    @Test
    void aDeliveryIsSentAgainUnderItsIdWithItsBody() {
        String at = create("*");
        receiver.answer(path, 500, 500, 500, 500);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{\"n\":1.10}"));
        awaitAttempts(at, 4);
        JsonNode dead = data(dispatcher, at + "/deliveries?state=dead").getFirst();
        String id = dead.path("id").asString();

        Reply again = dispatcher.call("POST", at + "/deliveries/" + id + "/resend", tenant, "");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().path("id").asString()).isEqualTo(id);
        awaitAttempts(at, 5);
        List<Delivery> received = receiver.received(path);
        assertThat(received).hasSize(5).extracting(Delivery::id).containsOnly(id);
        assertThat(received)
                .extracting(Delivery::body)
                .containsOnly(received.getFirst().body());
        JsonNode delivered = get(dispatcher, at + "/deliveries/" + id).body();
        assertThat(delivered.path("state").asString()).isEqualTo("delivered");
        assertThat(delivered.path("createdAt")).isEqualTo(dead.path("createdAt"));
        assertThat(delivered.path("log").path(0).path("attempt").asInt()).isEqualTo(1);
        // What was delivered may be sent again too; the other dispatcher knows as much.
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> second.call("POST", at + "/deliveries/" + id + "/resend", tenant, "")
                                .status()
                        == 202);
        awaitAttempts(at, 6);
    }

    @Test
    void whatADisabledEndpointMissedIsToldAndNotSentAgain() {
        String at = create("*");
        receiver.answer(path, 410);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitAttempts(at, 1);
        JsonNode delivery = data(dispatcher, at + "/deliveries").getFirst();
        assertThat(delivery.path("state").asString()).isEqualTo("dead");
        await().atMost(Dispatcher.PATIENCE)
                .until(() ->
                        get(dispatcher, at).body().path("status").asString().equals("disabled"));

        String resend = at + "/deliveries/" + delivery.path("id").asString() + "/resend";
        assertThat(dispatcher.call("POST", resend, tenant, "").status()).isEqualTo(409);
    }

    @Test
    void anotherTenantSeesNothing() {
        String at = create("*");
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitAttempts(at, 1);
        String id = data(dispatcher, at + "/deliveries").getFirst().path("id").asString();
        String other = "other-" + tenant;

        for (String route : List.of("/attempts", "/deliveries", "/deliveries/" + id, "/stats")) {
            assertThat(dispatcher.call("GET", at + route, other, "").status()).isEqualTo(404);
        }
        assertThat(dispatcher
                        .call("POST", at + "/deliveries/" + id + "/resend", other, "")
                        .status())
                .isEqualTo(404);
        // Nor does the owner find it under another webhook of its own.
        String beside = "/api/v1/webhooks/"
                + dispatcher
                        .create(tenant, receiver.url(path + "-beside"), "b")
                        .path("id")
                        .asString();
        assertThat(get(dispatcher, beside + "/deliveries/" + id).status()).isEqualTo(404);
        assertThat(receiver.received(path)).hasSize(1);
    }

    @Test
    void whatTheReceiverSaysBackIsKeptWithoutTheEndpointsOwnHeaders() {
        String at = create("*");
        String secret = "Bearer " + UUID.randomUUID();
        dispatcher.call("PATCH", at, tenant, "{\"headers\":{\"Authorization\":\"" + secret + "\"}}");
        receiver.say(
                path,
                (request, body) ->
                        body.write(("got " + request.header("authorization")).getBytes(StandardCharsets.UTF_8)));
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitAttempts(at, 1);

        assertThat(receiver.received(path).getFirst().header("authorization")).isEqualTo(secret);
        JsonNode attempt = data(dispatcher, at + "/attempts").getFirst();
        assertThat(attempt.path("response").path("body").asString()).isEqualTo("got ***");
        String id = receiver.received(path).getFirst().id();
        JsonNode request = get(dispatcher, at + "/deliveries/" + id + "?include=request")
                .body()
                .path("request");
        assertThat(request.toString()).doesNotContain(secret.substring(7));
        assertThat(dispatcher.read(Topics.WEBHOOK_ATTEMPTS.name(), id))
                .isNotEmpty()
                .allSatisfy(record -> assertThat(new String(record.value(), StandardCharsets.ISO_8859_1))
                        .contains("got ***")
                        .doesNotContain(secret.substring(7)));
    }

    @Test
    void whileKafkaIsAwayItTellsWhatItHasAndOfWhen() {
        String at = create("*");
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitAttempts(at, 1);
        JsonNode before = get(dispatcher, at + "/attempts").body();
        String resend = at + "/deliveries/"
                + before.path("data").path(0).path("deliveryId").asString() + "/resend";
        kafka.stop();
        try {
            JsonNode after = await().atMost(Dispatcher.PATIENCE)
                    .until(
                            () -> get(dispatcher, at + "/attempts").body(),
                            body -> Instant.parse(body.path("asOf").asString())
                                    .isBefore(Instant.now().minusSeconds(5)));
            assertThat(after.path("data")).isEqualTo(before.path("data"));
            assertThat(Instant.parse(after.path("completeFrom").asString()))
                    .isBefore(Instant.now().minus(Duration.ofHours(71)));
            Reply refused = dispatcher.call("POST", resend, tenant, "");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body().path("detail").asString()).contains("try again");
        } finally {
            kafka.start();
        }
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> dispatcher.call("POST", resend, tenant, "").status() == 202);
        awaitAttempts(at, 2);
    }

    private String create(String eventType) {
        return "/api/v1/webhooks/"
                + dispatcher
                        .create(tenant, receiver.url(path), eventType)
                        .path("id")
                        .asString();
    }

    private Reply get(Dispatcher asked, String at) {
        return asked.call("GET", at, tenant, "");
    }

    /** Without how far to trust it, which changes from moment to moment. */
    private List<JsonNode> page(Dispatcher asked, String at) {
        JsonNode body = get(asked, at).body();
        return List.of(body.path("data"), body.path("nextCursor"));
    }

    private List<JsonNode> data(Dispatcher asked, String at) {
        Reply reply = get(asked, at);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.body().path("data").valueStream().toList();
    }

    private void awaitAttempts(String at, int count) {
        await().atMost(Dispatcher.PATIENCE).until(() -> {
            Reply reply = get(dispatcher, at + "/attempts");
            return reply.status() == 200 && reply.body().path("data").size() == count;
        });
    }
}
