package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.SealedSecret;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.Dispatcher.Reply;
import dev.sluice.webhook.Receiver.Delivery;
import dev.sluice.webhook.fanout.Events;
import dev.sluice.webhook.signing.SymmetricKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events go onto a real log, signed requests arrive at a real server. */
class WebhookDispatcherIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static IsolatedKafka kafka;
    private static Receiver receiver;
    private static Dispatcher dispatcher;
    private static List<String> logs;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();

    @BeforeAll
    static void start() throws IOException {
        kafka = LocalKafka.newIsolated();
        receiver = new Receiver();
        dispatcher = Dispatcher.start(kafka.bootstrapServers());
        logs = Dispatcher.recordLogs();
    }

    @AfterAll
    static void stop() {
        dispatcher.close();
        receiver.close();
        kafka.close();
    }

    @Test
    void deliversWhatMatchesAndReceiversCanVerifyIt() throws IOException {
        String secret = create(path, "order.*").path("secret").asString();
        dispatcher.publish(
                Events.of(tenant, "evt-1", "user.created", "{}"),
                Events.of("other-" + tenant, "evt-1", "order.created", "{}"),
                Events.of(tenant, "evt-2", "order.created", "{\"total\": 1.10}"));

        awaitReceived(path, 1);
        Delivery delivery = receiver.received(path).getFirst();
        assertThat(delivery.body())
                .isEqualTo("{\"type\":\"order.created\",\"timestamp\":\"2026-01-01T00:00:00Z\","
                        + "\"data\":{\"total\": 1.10}}");
        assertThat(delivery.id()).matches("msg_[0-9A-Za-z]{27}");
        assertThat(delivery.header("content-type")).isEqualTo("application/json");
        assertThat(delivery.verifies(secret)).isTrue();
        assertThat(new Delivery(delivery.headers(), delivery.body() + " ").verifies(secret))
                .isFalse();
        keepForForeignLibraries(secret, delivery);
    }

    @Test
    void triesAgainWithTheSameIdAndAFreshSignature() {
        String secret = create(path, "*").path("secret").asString();
        receiver.answer(path, 500, 302);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        awaitReceived(path, 3);
        List<Delivery> attempts = receiver.received(path);
        assertThat(attempts)
                .extracting(Delivery::id)
                .containsOnly(attempts.getFirst().id());
        assertThat(attempts)
                .extracting(Delivery::body)
                .containsOnly(attempts.getFirst().body());
        assertThat(attempts).allMatch(attempt -> attempt.verifies(secret));
        await().atMost(Dispatcher.PATIENCE)
                .untilAsserted(() -> assertThat(dispatcher.read(
                                Topics.WEBHOOK_ATTEMPTS.name(),
                                attempts.getFirst().id()))
                        .as("attempts on the log")
                        .hasSize(3));
    }

    @Test
    void givesUpAfterTheLastAttemptAndKeepsWhatWasNotDelivered() {
        create(path, "*");
        receiver.answer(path, 500, 500, 500, 500);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        awaitReceived(path, 4);
        String id = receiver.received(path).getFirst().id();
        await().atMost(Dispatcher.PATIENCE)
                .untilAsserted(() -> assertThat(dispatcher.read(Topics.WEBHOOK_DEAD.name(), id))
                        .hasSize(1));
        assertThat(receiver.received(path)).hasSize(4);
    }

    @Test
    void anEventThatIsPublishedTwiceHasOneId() {
        create(path, "*");
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"), Events.of(tenant, "evt-1", "a", "{}"));

        awaitReceived(path, 2);
        assertThat(receiver.received(path))
                .extracting(Delivery::id)
                .hasSize(2)
                .containsOnly(receiver.received(path).getFirst().id());
    }

    @Test
    void anEndpointThatHangsDoesNotDelayAnother() {
        String slow = path + "-slow";
        receiver.hang(slow);
        create(slow, "*");
        create(path, "*");
        dispatcher.publish(IntStream.range(0, 150)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, "a", "{}"))
                .toArray(dev.sluice.record.DomainEvent[]::new));

        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 150);
        assertThat(receiver.received(slow)).as("no more than its share").hasSizeLessThanOrEqualTo(12);
        receiver.release(slow);
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(slow) == 150);
    }

    @Test
    void poisonIsKeptAsideAndThePartitionMovesOn() {
        create(path, "*");
        byte[] poison = ("poison of " + tenant).getBytes(StandardCharsets.UTF_8);
        dispatcher.publish(0, poison);
        dispatcher.publish(0, new byte[0]);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        awaitReceived(path, 1);
        await().atMost(Dispatcher.PATIENCE)
                .untilAsserted(() -> assertThat(dispatcher.read(Topics.EVENTS.name() + ".poison", tenant))
                        .singleElement()
                        .satisfies(record -> assertThat(record.value()).isEqualTo(poison)));
    }

    @Test
    void anotherTenantsEndpointIsAnsweredLikeOneThatNeverWas() {
        String id = create(path, "*").path("id").asString();
        for (String request : List.of(
                "GET ", "DELETE ", "PATCH  {}", "POST /pause", "POST /resume", "GET /secret", "POST /secret/rotate")) {
            String[] parts = request.split(" ", 3);
            String body = parts.length > 2 ? parts[2] : "";
            Reply others = dispatcher.call(parts[0], at(id) + parts[1], "evil-" + tenant, body);
            Reply none = dispatcher.call(parts[0], at("ep_none") + parts[1], "evil-" + tenant, body);

            assertThat(others.status()).isEqualTo(404);
            assertThat(others.body().path("code").asString()).isEqualTo("not_found");
            assertThat(others.body().path("detail")).isEqualTo(none.body().path("detail"));
        }
        assertThat(dispatcher
                        .call("GET", "/api/v1/webhooks", "evil-" + tenant, "")
                        .body()
                        .path("data"))
                .isEmpty();
        assertThat(dispatcher.call("GET", "/api/v1/webhooks/" + id, tenant, "").status())
                .isEqualTo(200);
    }

    @Test
    void aDeletedEndpointGetsNothingMore() {
        String witness = path + "-witness";
        String id = create(path, "*").path("id").asString();
        create(witness, "*");
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitReceived(path, 1);

        assertThat(dispatcher
                        .call("DELETE", "/api/v1/webhooks/" + id, tenant, "")
                        .status())
                .isEqualTo(204);
        assertThat(dispatcher.call("GET", "/api/v1/webhooks/" + id, tenant, "").status())
                .isEqualTo(404);
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"));
        awaitReceived(witness, 2);
        assertThat(receiver.received(path)).hasSize(1);
    }

    @Test
    void anEndpointThatSaysItIsGoneIsDisabled() {
        String witness = path + "-witness";
        String id = create(path, "*").path("id").asString();
        create(witness, "*");
        receiver.answer(path, 410);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        await().atMost(Dispatcher.PATIENCE)
                .until(() -> dispatcher
                        .call("GET", "/api/v1/webhooks/" + id, tenant, "")
                        .body()
                        .path("status")
                        .asString()
                        .equals("disabled"));
        assertThat(dispatcher
                        .call("GET", "/api/v1/webhooks/" + id, tenant, "")
                        .body()
                        .path("disabledReason")
                        .asString())
                .isEqualTo("gone");
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"));
        awaitReceived(witness, 2);
        assertThat(receiver.received(path)).hasSize(1);
    }

    @Test
    void whileSecretsOverlapBothVerifyAndAfterwardsOnlyTheNewOne() {
        JsonNode created = create(path, "*");
        String id = created.path("id").asString();
        String old = created.path("secret").asString();
        SymmetricKey current = SymmetricKey.generate(new SecureRandom());
        WebhookEndpoint before = dispatcher.endpoint(id);
        SealedSecret sealed = Dispatcher.keyring().seal(current, tenant, id, Events.TIME);
        dispatcher.overwrite(
                withSecrets(before, sealed, expiring(before, Instant.now().plusSeconds(3_600))));
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitReceived(path, 1);
        dispatcher.overwrite(
                withSecrets(before, sealed, expiring(before, Instant.now().minusSeconds(1))));
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"));
        awaitReceived(path, 2);

        List<Delivery> deliveries = receiver.received(path);
        assertThat(deliveries).allMatch(delivery -> delivery.verifies(current.text()));
        assertThat(deliveries).extracting(delivery -> delivery.verifies(old)).containsExactly(true, false);
    }

    @Test
    void aSecretSealedForAnotherEndpointSendsNothing() {
        String id = create(path, "*").path("id").asString();
        SealedSecret others =
                Dispatcher.keyring().seal(SymmetricKey.generate(new SecureRandom()), tenant, "ep_other", Events.TIME);
        dispatcher.overwrite(withSecrets(dispatcher.endpoint(id), others));
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        await().atMost(Dispatcher.PATIENCE)
                .untilAsserted(() -> assertThat(dispatcher.read(Topics.WEBHOOK_DEAD.name(), tenant))
                        .singleElement()
                        .satisfies(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                                .contains("unsignable")));
        assertThat(receiver.received(path)).isEmpty();
    }

    @Test
    void refusesBadRequestsAndNamesTheField() {
        Reply reply = dispatcher.call(
                "POST", "/api/v1/webhooks", tenant, "{\"url\":\"https://10.0.0.1/\",\"eventTypes\":[\"a\",null]}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body().path("field").asString()).isEqualTo("url");
        assertThat(reply.body().path("errors").get(1).path("field").asString()).isEqualTo("eventTypes[1]");
        assertThat(dispatcher
                        .call("GET", "/api/v1/webhooks?limit=0", tenant, "")
                        .status())
                .isEqualTo(400);
        assertThat(dispatcher.call("GET", "/api/v1/webhooks", "nobody", "").status())
                .isEqualTo(401);
    }

    @Test
    void aSecretIsNeitherLoggedNorReadableOnTheLog() {
        String secret = create(path, "*").path("secret").asString();
        receiver.answer(path, 500, 410);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitReceived(path, 2);
        dispatcher.call("POST", "/api/v1/webhooks", tenant, "{\"url\":\"x\",\"secret\":\"" + secret + "\"}");

        String encoded = secret.substring("whsec_".length());
        String raw = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
        assertThat(logs).isNotEmpty().noneMatch(line -> line.contains(encoded));
        assertThat(Stream.of(Topics.WEBHOOK_ENDPOINTS, Topics.WEBHOOK_DELIVERIES, Topics.WEBHOOK_ATTEMPTS)
                        .flatMap(topic -> dispatcher.read(topic.name(), "").stream())
                        .map(record -> new String(record.value(), StandardCharsets.ISO_8859_1)))
                .isNotEmpty()
                .noneMatch(value -> value.contains(encoded) || value.contains(raw));
        assertThat(dispatcher.call("GET", "/api/v1/webhooks", tenant, "").body().toString())
                .doesNotContain(encoded);
    }

    private static WebhookEndpoint withSecrets(WebhookEndpoint endpoint, SealedSecret... secrets) {
        return WebhookEndpoint.newBuilder(endpoint).setSecrets(List.of(secrets)).build();
    }

    private static SealedSecret expiring(WebhookEndpoint endpoint, Instant at) {
        return SealedSecret.newBuilder(endpoint.getSecrets().getFirst())
                .setExpiresAt(at.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    private static String at(String id) {
        return "/api/v1/webhooks/" + id;
    }

    private JsonNode create(String at, String... eventTypes) {
        return dispatcher.create(tenant, receiver.url(at), eventTypes);
    }

    private static void awaitReceived(String at, int count) {
        await().atMost(Dispatcher.PATIENCE).until(() -> receiver.received(at).size() >= count);
    }

    private static long distinctIds(String at) {
        return receiver.received(at).stream().map(Delivery::id).distinct().count();
    }

    /** For e2e/standardwebhooks-npm, which verifies one delivery with another language's library. */
    private static void keepForForeignLibraries(String secret, Delivery delivery) throws IOException {
        Map<String, Object> captured = Map.of(
                "secret", secret,
                "headers",
                        Map.of(
                                "webhook-id", delivery.id(),
                                "webhook-timestamp", delivery.header("webhook-timestamp"),
                                "webhook-signature", delivery.header("webhook-signature")),
                "body", delivery.body());
        Files.writeString(Path.of("target", "captured-delivery.json"), JSON.writeValueAsString(captured));
    }
}
