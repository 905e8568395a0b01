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
import java.util.UUID;
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
        assertThat(get(dispatcher, at + "/deliveries/msg_none").status()).isEqualTo(404);
        JsonNode stats = get(dispatcher, at + "/stats?window=PT1H").body();
        assertThat(stats.path("attempts").path("total").asInt()).isEqualTo(3);
        assertThat(stats.path("attempts").path("delivered").asInt()).isEqualTo(1);
        assertThat(stats.path("deliveries").path("delivered").asInt()).isEqualTo(1);
        assertThat(stats.path("status").asString()).isEqualTo("active");
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
