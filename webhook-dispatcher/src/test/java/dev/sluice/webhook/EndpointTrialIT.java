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
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Owners have test events sent; a real server gets them, and nothing else follows. Operators see who did what, and what is sealed by which key. */
class EndpointTrialIT {

    private static final String ANYBODY = "@anybody";

    private static IsolatedKafka kafka;
    private static Receiver receiver;
    private static Dispatcher dispatcher;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();

    @BeforeAll
    static void start() throws IOException {
        kafka = LocalKafka.newIsolated();
        receiver = new Receiver();
        dispatcher = Dispatcher.start(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        dispatcher.close();
        receiver.close();
        kafka.close();
    }

    @Test
    void aTestEventArrivesSignedWhateverTypesTheEndpointHas() {
        JsonNode endpoint = create("order.*");
        dispatcher.call("PATCH", at(endpoint), tenant, "{\"headers\":{\"X-Token\":\"the-own-secret\"}}");

        Reply reply = test(endpoint);

        assertThat(reply.status()).isEqualTo(200);
        Delivery received = receiver.received(path).getFirst();
        assertThat(received.verifies(endpoint.path("secret").asString())).isTrue();
        assertThat(received.header("x-token")).isEqualTo("the-own-secret");
        assertThat(received.body()).startsWith("{\"type\":\"webhook.test\",\"timestamp\":\"");
        JsonNode trial = reply.body();
        assertThat(trial.path("outcome").asString()).isEqualTo("delivered");
        assertThat(trial.path("response").path("status").asInt()).isEqualTo(204);
        assertThat(trial.has("failure")).isFalse();
        assertThat(trial.path("request").path("body").asString()).isEqualTo(received.body());
        JsonNode sent = trial.path("request").path("headers");
        assertThat(sent.path("webhook-signature").asString()).isEqualTo(received.header("webhook-signature"));
        assertThat(sent.path("webhook-id").asString()).isEqualTo(received.id());
        assertThat(sent.path("X-Token").asString()).isEqualTo("***");
        assertThat(reply.toString()).doesNotContain("the-own-secret");
        assertThat(trial.path("timings").path("connectMillis").isNumber()).isTrue();
        assertThat(trial.path("timings").path("totalMillis").isNumber()).isTrue();
    }

    @Test
    void anAnswerThatSaysWhatWasSentOrNeverEndsShowsNoSecretAndHasAnEnd() {
        JsonNode endpoint = create("*");
        String secret = "Bearer " + UUID.randomUUID();
        dispatcher.call("PATCH", at(endpoint), tenant, "{\"headers\":{\"Authorization\":\"" + secret + "\"}}");
        byte[] more = new byte[8_192];
        receiver.say(path, (request, body) -> {
            body.write(("got " + request.header("authorization") + "!").getBytes(StandardCharsets.UTF_8));
            while (true) {
                body.write(more);
            }
        });

        Reply reply = test(endpoint);

        assertThat(receiver.received(path).getFirst().header("authorization")).isEqualTo(secret);
        JsonNode response = reply.body().path("response");
        assertThat(response.path("body").asString()).startsWith("got ***!").hasSize(2_048);
        assertThat(response.path("bodyTruncated").asBoolean()).isTrue();
        assertThat(reply.toString()).doesNotContain(secret.substring(7));
    }

    @Test
    void nothingFollowsFromWhatTheReceiverSays() {
        JsonNode endpoint = create("*");
        receiver.answer(path, 410);

        Reply reply = test(endpoint);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("outcome").asString()).isEqualTo("refused");
        assertThat(reply.body().path("failure").path("remedy").asString()).isNotBlank();
        assertThat(dispatcher
                        .call("GET", at(endpoint), tenant, "")
                        .body()
                        .path("status")
                        .asString())
                .isEqualTo("active");
        // An event that comes later is delivered; of the test there is nothing on the log and no repetition before it.
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        await().atMost(Dispatcher.PATIENCE).until(() -> receiver.received(path).size() == 2);
        String id = receiver.received(path).getFirst().id();
        assertThat(dispatcher.read(Topics.WEBHOOK_ATTEMPTS.name(), id)).isEmpty();
        assertThat(dispatcher.read(Topics.WEBHOOK_DELIVERIES.name(), id)).isEmpty();
    }

    @Test
    void aPausedEndpointIsTestedToo() {
        JsonNode endpoint = create("*");
        dispatcher.call("POST", at(endpoint) + "/pause", tenant, "");

        assertThat(test(endpoint).body().path("outcome").asString()).isEqualTo("delivered");
    }

    @Test
    void aReceiverThatDoesNotAnswerIsAFailureWithARemedy() {
        JsonNode endpoint = create("*");
        dispatcher.call("PATCH", at(endpoint), tenant, "{\"timeout\":\"PT1S\"}");
        receiver.hang(path);
        try {
            JsonNode trial = test(endpoint).body();

            assertThat(trial.path("outcome").asString()).isEqualTo("failed");
            assertThat(trial.path("failure").path("code").asString()).isEqualTo("timeout");
            assertThat(trial.path("failure").path("remedy").asString()).isNotBlank();
            assertThat(trial.path("timings").has("waitMillis")).isFalse();
        } finally {
            receiver.release(path);
        }
    }

    @Test
    void aTenantGetsSoManyAMinute() {
        JsonNode endpoint = create("*");
        for (int i = 0; i < 20; i++) {
            assertThat(test(endpoint).status()).isEqualTo(200);
        }
        Reply refused = test(endpoint);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().path("code").asString()).isEqualTo("quota_exceeded");
        assertThat(receiver.received(path)).hasSize(20);
    }

    @Test
    void anotherTenantsEndpointIsNone() {
        JsonNode endpoint = create("*");
        Reply foreign = dispatcher.call("POST", at(endpoint) + "/test", "other-" + tenant, "");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(dispatcher
                        .call("POST", at(endpoint) + "/test?a=b", tenant, "")
                        .status())
                .isEqualTo(400);
        assertThat(receiver.received(path)).isEmpty();
    }

    @Test
    void aRawBodyIsTheDataAloneAndSignedAsWell() {
        JsonNode endpoint = create("*");
        Reply patched = dispatcher.call("PATCH", at(endpoint), tenant, "{\"payload\":\"raw\"}");
        assertThat(patched.body().path("payload").asString()).isEqualTo("raw");
        dispatcher.publish(Events.of(tenant, "evt-1", "order.created", "{ \"n\":1.10 }"));
        await().atMost(Dispatcher.PATIENCE).until(() -> !receiver.received(path).isEmpty());

        Delivery received = receiver.received(path).getFirst();
        assertThat(received.body()).isEqualTo("{ \"n\":1.10 }");
        assertThat(received.header("webhook-event-type")).isEqualTo("order.created");
        assertThat(received.header("content-type")).isEqualTo("application/json");
        assertThat(received.verifies(endpoint.path("secret").asString())).isTrue();
    }

    @Test
    void aTenantsKeysAreAtOneAddressForAnybody() throws GeneralSecurityException {
        String all = "/api/v1/webhook-keys?tenant=" + tenant;
        JsonNode first = create("*");
        JsonNode second = create("*");
        create("*");
        Reply none = get(all);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body().path("detail")).isEqualTo(get(all + "x").body().path("detail"));

        dispatcher.call("PATCH", at(first), tenant, "{\"signatureScheme\":\"v1a\"}");
        dispatcher.call("PATCH", at(second), tenant, "{\"signatureScheme\":\"both\"}");
        dispatcher.call("POST", at(second) + "/secret/rotate", tenant, "{\"scheme\":\"v1a\"}");
        Reply set = get(all);
        assertThat(set.body().path("keys"))
                .hasSize(3)
                .containsExactlyElementsOf(Stream.of(first, second)
                        .flatMap(endpoint -> keysOf(endpoint).valueStream())
                        .toList());
        assertThat(set.body().toString()).doesNotContain("\"d\"", "whsk_", "whsec_");
        assertThat(dispatcher.getUnless(set.entityTag(), all, ANYBODY).status()).isEqualTo(304);
        assertThat(dispatcher.getUnless("\"other\"", all, ANYBODY).status()).isEqualTo(200);
        dispatcher.call("POST", at(first) + "/secret/rotate", tenant, "{\"scheme\":\"v1a\",\"overlap\":\"PT0S\"}");
        Reply changed = dispatcher.getUnless(set.entityTag(), all, ANYBODY);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.entityTag()).isNotEqualTo(set.entityTag());
        assertThat(get("/api/v1/webhook-keys").status()).isEqualTo(400);

        for (JsonNode endpoint : List.of(first, second)) {
            test(endpoint);
            Delivery sent = receiver.received(path).getLast();
            boolean genuine = false;
            for (JsonNode key : changed.body().path("keys")) {
                genuine |= Receiver.isSignedBy(key, sent);
            }
            assertThat(genuine).isTrue();
        }
    }

    private static JsonNode keysOf(JsonNode endpoint) {
        return get("/api/v1/webhook-keys/" + endpoint.path("id").asString())
                .body()
                .path("keys");
    }

    private static Reply get(String at) {
        return dispatcher.call("GET", at, ANYBODY, "");
    }

    @Test
    void operatorsSeeWhichKeysHaveSealedWhat() {
        create("*");

        Reply looked = dispatcher.manage("GET", "/actuator/webhookseals");
        assertThat(looked.status()).isEqualTo(200);
        assertThat(looked.body().path("currentKey").asString()).isEqualTo("key-1");
        assertThat(looked.body().path("sealedBy").path("key-1").asInt()).isPositive();
        Reply resealed = dispatcher.manage("POST", "/actuator/webhookseals");
        assertThat(resealed.status()).isEqualTo(200);
        assertThat(resealed.body().path("resealed").asInt()).isZero();
    }

    @Test
    void everyChangeStandsOnTheAuditLog() {
        JsonNode endpoint = create("*");
        String at = at(endpoint);
        dispatcher.call("PATCH", at, tenant, "{\"description\":\"x\"}");
        dispatcher.call("POST", at + "/pause", tenant, "");
        dispatcher.call("GET", at + "/secret", tenant, "");
        dispatcher.call("POST", at + "/secret/rotate", tenant, "");
        dispatcher.call("DELETE", at, tenant, "");
        dispatcher.call("DELETE", at, tenant, "");

        List<String> entries =
                dispatcher
                        .read(
                                Topics.AUDIT.name(),
                                "webhook/" + endpoint.path("id").asString())
                        .stream()
                        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .toList();
        assertThat(entries)
                .hasSize(6)
                .allMatch(entry ->
                        entry.contains(tenant) && entry.contains("key-1") && entry.contains(Dispatcher.CLIENT_ADDRESS));
        for (String action : List.of("create", "change", "pause", "secret.reveal", "secret.rotate", "delete")) {
            assertThat(entries)
                    .as(action)
                    .filteredOn(entry -> entry.contains("webhook." + action))
                    .hasSize(1);
        }
    }

    private JsonNode create(String eventType) {
        return dispatcher.create(tenant, receiver.url(path), eventType);
    }

    private Reply test(JsonNode endpoint) {
        return dispatcher.call("POST", at(endpoint) + "/test", tenant, "");
    }

    private static String at(JsonNode endpoint) {
        return "/api/v1/webhooks/" + endpoint.path("id").asString();
    }
}
