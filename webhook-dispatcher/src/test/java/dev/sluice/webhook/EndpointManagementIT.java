package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.Dispatcher.Reply;
import dev.sluice.webhook.Receiver.Delivery;
import dev.sluice.webhook.fanout.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Owners change, pause and go on with their endpoints, and give them other secrets; a real server sees what follows. */
class EndpointManagementIT {

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
    void whatIsOfNoUseAnyMoreIsGivenUpUnsent() {
        String id = create(path, "*").path("id").asString();
        dispatcher.publish(
                DomainEvent.newBuilder(Events.of(tenant, "evt-late", "a", "{}"))
                        .setExtensions(Map.of("expirytime", "2026-01-01T00:00:01Z"))
                        .build(),
                DomainEvent.newBuilder(Events.of(tenant, "evt-early", "a", "{}"))
                        .setExtensions(Map.of("expirytime", "2126-01-01T00:00:01Z"))
                        .build());
        await().atMost(Dispatcher.PATIENCE).untilAsserted(() -> {
            JsonNode dead = dispatcher
                    .call("GET", at(id) + "/deliveries?state=dead&status=none", tenant, "")
                    .body()
                    .path("data");
            assertThat(dead.path(0).path("eventId").asString()).isEqualTo("evt-late");
            assertThat(dead.path(0).path("lastError").asString()).isEqualTo("expired");
        });
        await().atMost(Dispatcher.PATIENCE).until(() -> !receiver.received(path).isEmpty());
        assertThat(receiver.received(path)).hasSize(1);
    }

    @Test
    void noMoreRequestsAreUnderWayThanItsOwnerAllows() {
        String witness = path + "-witness";
        JsonNode narrow = create(path, "*");
        create(witness, "*");
        Reply changed = dispatcher.call("PATCH", at(narrow.path("id").asString()), tenant, "{\"maxConcurrency\":1}");
        assertThat(changed.body().path("maxConcurrency").asInt()).isEqualTo(1);
        receiver.hang(path);
        try {
            dispatcher.publish(IntStream.range(0, 20)
                    .mapToObj(i -> Events.of(tenant, "evt-" + i, "a", "{}"))
                    .toArray(DomainEvent[]::new));
            await().atMost(Dispatcher.PATIENCE)
                    .until(() -> receiver.received(witness).size() == 20
                            && !receiver.received(path).isEmpty());
            assertThat(receiver.received(path)).hasSize(1);
        } finally {
            receiver.release(path);
        }
        await().atMost(Dispatcher.PATIENCE).until(() -> receiver.received(path).size() == 20);
        Reply taken = dispatcher.call("PATCH", at(narrow.path("id").asString()), tenant, "{\"maxConcurrency\":null}");
        assertThat(taken.body().has("maxConcurrency")).isFalse();
        assertThat(dispatcher
                        .call("PATCH", at(narrow.path("id").asString()), tenant, "{\"maxConcurrency\":0}")
                        .body()
                        .path("errors")
                        .path(0)
                        .path("field")
                        .asString())
                .isEqualTo("maxConcurrency");
    }

    @Test
    void whatIsOverARateWaitsAndHoldsNobodyUp() {
        String witness = path + "-witness";
        String id = create(path, "*").path("id").asString();
        create(witness, "*");
        Reply limited = dispatcher.call(
                "PATCH", at(id), tenant, "{\"rateLimit\":{\"requests\":2,\"period\":\"PT1H\",\"burst\":2}}");
        assertThat(limited.body().path("rateLimit").toString())
                .isEqualTo("{\"requests\":2,\"period\":\"PT1H\",\"burst\":2}");
        dispatcher.publish(IntStream.range(0, 20)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, "a", "{}"))
                .toArray(DomainEvent[]::new));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(witness) == 20);
        assertThat(receiver.received(path)).as("it has just been taken over").isEmpty();

        Reply refused = dispatcher.call("PATCH", at(id), tenant, "{\"rateLimit\":{\"burst\":3}}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("errors").path(0).path("field").asString())
                .isEqualTo("rateLimit.burst");
        Reply quicker = dispatcher.call(
                "PATCH", at(id), tenant, "{\"rateLimit\":{\"requests\":1000,\"period\":\"PT1S\",\"burst\":null}}");
        assertThat(quicker.body().path("rateLimit").path("burst").asInt()).isEqualTo(1);
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 20);
        Reply taken = dispatcher.call("PATCH", at(id), tenant, "{\"rateLimit\":null}");
        assertThat(taken.body().has("rateLimit")).isFalse();
    }

    @Test
    void aPausedEndpointGetsNothingAndLosesNothing() {
        String witness = path + "-witness";
        String id = create(path, "*").path("id").asString();
        create(witness, "*");
        Reply paused = dispatcher.call("POST", at(id) + "/pause", tenant, "");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body().path("webhook").path("status").asString()).isEqualTo("paused");
        assertThat(paused.body().path("backlog").path("state").asString()).isEqualTo("waits");
        dispatcher.publish(IntStream.range(0, 200)
                .mapToObj(i -> Events.of(tenant, "evt-" + i, "a", "{}"))
                .toArray(DomainEvent[]::new));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(witness) == 200);
        assertThat(receiver.received(path)).isEmpty();

        Reply resumed = dispatcher.call("POST", at(id) + "/resume", tenant, "");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body().path("backlog").path("state").asString()).isEqualTo("drains");
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 200);
    }

    @Test
    void aFilterKeepsBackWhatItsOwnerDoesNotWant() {
        String witness = path + "-witness";
        create(witness, "*");
        String id = create(path, "*").path("id").asString();
        Reply patched =
                dispatcher.call("PATCH", at(id), tenant, "{\"filter\":[{\"field\":\"/data/total\",\"gt\":100}]}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.body().path("filter").path(0).path("field").asString())
                .isEqualTo("/data/total");
        dispatcher.publish(
                Events.of(tenant, "evt-1", "a", "{\"total\":100}"),
                Events.of(tenant, "evt-2", "a", "no JSON"),
                Events.of(tenant, "evt-3", "a", "{\"total\":100.5}"));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(witness) == 3);
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 1);

        // A list is replaced as a whole; null takes it away.
        dispatcher.call("PATCH", at(id), tenant, "{\"filter\":[{\"field\":\"/data/total\",\"lt\":50}]}");
        dispatcher.publish(
                Events.of(tenant, "evt-4", "a", "{\"total\":101}"), Events.of(tenant, "evt-5", "a", "{\"total\":49}"));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 2);
        Reply without = dispatcher.call("PATCH", at(id), tenant, "{\"filter\":null}");
        assertThat(without.body().has("filter")).isFalse();
        dispatcher.publish(Events.of(tenant, "evt-6", "a", "{\"total\":75}"));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(path) == 3);
        assertThat(receiver.received(path)).extracting(Delivery::body).noneMatch(body -> body.contains("101"));
        await().atMost(Dispatcher.PATIENCE).until(() -> distinctIds(witness) == 6);
    }

    @Test
    void whatItsOwnerChangesCountsForTheNextAttempt() {
        String moved = path + "-moved";
        JsonNode created = create(path, "*");
        String id = created.path("id").asString();
        Reply patched = dispatcher.call(
                "PATCH",
                at(id),
                tenant,
                "{\"url\":\"%s\",\"headers\":{\"Authorization\":\"Bearer hunter2\",\"X-Shop\":\"north\"}}"
                        .formatted(receiver.url(moved)));
        assertThat(patched.status()).isEqualTo(200);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        awaitReceived(moved, 1);
        Delivery delivery = receiver.received(moved).getFirst();
        assertThat(delivery.header("x-shop")).isEqualTo("north");
        assertThat(delivery.header("authorization")).isEqualTo("Bearer hunter2");
        assertThat(delivery.verifies(created.path("secret").asString())).isTrue();
        assertThat(receiver.received(path)).isEmpty();
        assertThat(patched.body().path("headers").toString())
                .isEqualTo("{\"Authorization\":\"***\",\"X-Shop\":\"***\"}");
        assertThat(logs).noneMatch(line -> line.contains("hunter2"));
        assertThat(dispatcher.read(Topics.WEBHOOK_ENDPOINTS.name(), "hunter2")).isEmpty();
    }

    @Test
    void onlyTheVersionThatWasSeenIsReplaced() {
        String id = create(path, "*").path("id").asString();
        Reply first = dispatcher.call("GET", at(id), tenant, "");
        String body = "{\"url\":\"%s\",\"eventTypes\":[\"b\"]}".formatted(receiver.url(path));
        Reply second = dispatcher.callIf(first.entityTag(), "PUT", at(id), tenant, body);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().path("eventTypes").toString()).isEqualTo("[\"b\"]");

        assertThat(dispatcher
                        .callIf(first.entityTag(), "PUT", at(id), tenant, body)
                        .status())
                .isEqualTo(412);
        assertThat(dispatcher
                        .callIf(first.entityTag(), "DELETE", at(id), tenant, "")
                        .status())
                .isEqualTo(412);
        assertThat(dispatcher.call("GET", at(id), tenant, "").entityTag()).isEqualTo(second.entityTag());
        assertThat(dispatcher
                        .callIf(second.entityTag(), "DELETE", at(id), tenant, "")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void itsOwnScheduleAndTimeoutTakeThePlaceOfThePlatforms() {
        String id = create(path, "*").path("id").asString();
        receiver.hang(path);
        assertThat(dispatcher
                        .call("PATCH", at(id), tenant, "{\"timeout\":\"PT1S\",\"retryDelays\":[\"PT1S\"]}")
                        .status())
                .isEqualTo(200);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));

        await().atMost(Dispatcher.PATIENCE)
                .untilAsserted(() -> assertThat(dispatcher.read(Topics.WEBHOOK_DEAD.name(), tenant))
                        .singleElement()
                        .satisfies(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                                .contains("timeout")));
        assertThat(receiver.received(path))
                .as("the platform's schedule has four")
                .hasSize(2);
        receiver.release(path);
    }

    @Test
    void pagesLeadFromOneToTheNext() {
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(i -> create(path + i, "*").path("id").asString())
                .toList();
        Reply first = dispatcher.call("GET", "/api/v1/webhooks?limit=2", tenant, "");
        Reply second = dispatcher.call(
                "GET",
                "/api/v1/webhooks?limit=2&cursor="
                        + first.body().path("nextCursor").asString(),
                tenant,
                "");

        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.body().path("data").valueStream())
                        .map(webhook -> webhook.path("id").asString()))
                .containsExactlyElementsOf(ids);
        assertThat(second.body().path("nextCursor").isNull()).isTrue();
    }

    @Test
    void aRotatedSecretSignsBesideTheOldOneUntilARotationEndsThatOne() {
        JsonNode created = create(path, "*");
        String id = created.path("id").asString();
        String first = created.path("secret").asString();
        String second = rotate(id, "{}");
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitReceived(path, 1);
        String third = rotate(id, "{\"overlap\":\"PT0S\"}");
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"));
        awaitReceived(path, 2);

        List<Delivery> deliveries = receiver.received(path);
        assertThat(deliveries.getFirst().header("webhook-signature")).matches("v1,\\S{44} v1,\\S{44}");
        assertThat(deliveries).extracting(delivery -> delivery.verifies(first)).containsExactly(true, false);
        assertThat(deliveries).extracting(delivery -> delivery.verifies(second)).containsExactly(true, false);
        assertThat(deliveries).extracting(delivery -> delivery.verifies(third)).containsExactly(false, true);
        Reply shown = dispatcher.call("GET", at(id) + "/secret", tenant, "");
        assertThat(shown.body().path("secret").asString()).isEqualTo(third);
        assertThat(shown.body().path("previous")).isEmpty();
        assertThat(dispatcher.read(Topics.WEBHOOK_ENDPOINTS.name(), third.substring(6)))
                .isEmpty();
    }

    @Test
    void whatSignsInBothVersionsIsVerifiedByEither() throws GeneralSecurityException {
        JsonNode created = create(path, "*");
        String id = created.path("id").asString();
        Reply patched = dispatcher.call("PATCH", at(id), tenant, "{\"signatureScheme\":\"both\"}");
        assertThat(patched.body().path("publicKey").asString()).startsWith("whpk_");
        JsonNode first = publicKeys(id).path(0);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        awaitReceived(path, 1);
        rotate(id, "{\"scheme\":\"v1a\"}");
        JsonNode second = publicKeys(id).path(0);
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"));
        awaitReceived(path, 2);

        List<Delivery> deliveries = receiver.received(path);
        assertThat(deliveries.getFirst().header("webhook-signature")).matches("v1,\\S{44} v1a,\\S{88}");
        assertThat(deliveries)
                .allMatch(each -> each.verifies(created.path("secret").asString()));
        assertThat(Receiver.isSignedBy(first, deliveries.getFirst())).isTrue();
        assertThat(Receiver.isSignedBy(second, deliveries.getFirst())).isFalse();
        assertThat(Receiver.isSignedBy(first, deliveries.getLast())).isTrue();
        assertThat(Receiver.isSignedBy(second, deliveries.getLast())).isTrue();
        assertThat(publicKeys(id)).hasSize(2).doesNotHaveDuplicates();
        assertThat(dispatcher
                        .call("GET", "/api/v1/webhook-keys/" + id + "0", "@anybody", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void ownersAreToldOfWhatIsGoneWhatReceivesAgainAndWhatWasGivenUp() {
        String witness = path + "-witness";
        String id = create(path, "*").path("id").asString();
        create(witness, "webhook.*");
        receiver.answer(path, 410);
        dispatcher.publish(Events.of(tenant, "evt-1", "a", "{}"));
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> told(witness, "webhook.endpoint.disabled", "\"reason\":\"gone\"") == 1);
        dispatcher.call("POST", at(id) + "/resume", tenant, "");
        dispatcher.publish(Events.of(tenant, "evt-2", "a", "{}"), Events.of(tenant, "evt-3", "a", "{}"));
        await().atMost(Dispatcher.PATIENCE).until(() -> told(witness, "webhook.endpoint.recovered", id) == 1);
        awaitReceived(path, 3);
        receiver.answer(path, 500, 500, 500, 500);
        dispatcher.publish(Events.of(tenant, "evt-4", "a", "{}"));
        await().atMost(Dispatcher.PATIENCE)
                .until(() -> told(witness, "webhook.delivery.exhausted", "\"eventId\":\"evt-4\"") == 1);

        assertThat(receiver.received(path)).as("it is not told of itself").hasSize(7);
        assertThat(receiver.received(witness)).hasSize(3);
    }

    private static long told(String at, String type, String data) {
        return receiver.received(at).stream()
                .filter(each -> each.body().contains(type) && each.body().contains(data))
                .map(Delivery::id)
                .distinct()
                .count();
    }

    private static JsonNode publicKeys(String id) {
        return dispatcher
                .call("GET", "/api/v1/webhook-keys/" + id, "@anybody", "")
                .body()
                .path("keys");
    }

    private String rotate(String id, String body) {
        Reply reply = dispatcher.call("POST", at(id) + "/secret/rotate", tenant, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body().path("secret").asString();
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
}
