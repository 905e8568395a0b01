package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a key has used is told to the request, also when the process that counts is killed. */
class UsageIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROUNDS = 20;
    private static final String EVENT = "{\"specversion\":\"1.0\",\"type\":\"e2e.usage\"}";
    private static final String BATCH = "[" + EVENT + "," + EVENT + "," + EVENT + "]";
    private static final Map<String, String> TYPES = Map.of(
            "",
            "",
            EVENT,
            "application/cloudevents+json",
            BATCH,
            "application/cloudevents-batch+json",
            "{",
            "application/json");

    private final Platform platform = Platform.shared();
    private final Client admin = platform.client("admin");
    private final Tenant tenant = Tenant.create();
    /** How often each status was answered, by route group. */
    private final Map<String, Map<Integer, Long>> answered = new TreeMap<>();

    /** Of batches, those besides the first: each costs what a request does. */
    private long furtherEvents;

    private long responseBytes;
    private long requestBytes;

    @Test
    void findsExactlyTheRequestsThatWereMade() {
        use();
        await().atMost(PATIENCE).untilAsserted(this::assertUsage);
        long killed = platform.kill("metrics-aggregator");
        use();
        await().atMost(PATIENCE).until(() -> platform.isReadyAgain("metrics-aggregator", killed));
        use();
        await().atMost(PATIENCE).untilAsserted(this::assertUsage);
        assertSeries();
        assertOthersSeeNothing();
    }

    /** Requests that are answered 202, 200, 404, 403 and 400. */
    private void use() {
        for (int i = 0; i < ROUNDS; i++) {
            ask("events", "POST", "/api/v1/events", EVENT, 202);
            ask("events", "POST", "/api/v1/events", BATCH, 202);
            furtherEvents += 2;
            ask("webhooks", "GET", "/api/v1/webhooks", "", 200);
            ask("webhooks", "GET", "/api/v1/webhooks/unknown", "", 404);
            ask("admin", "GET", "/api/v1/tenants", "", 403);
            ask("events", "POST", "/api/v1/events", "{", 400);
        }
    }

    private void ask(String group, String method, String path, String body, int status) {
        Client.Answer answer = tenant.client().send(method, path, TYPES.getOrDefault(body, ""), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        answered.computeIfAbsent(group, name -> new TreeMap<>()).merge(status, 1L, Long::sum);
        requestBytes += body.length();
        responseBytes += answer.response().body().length;
    }

    /** Asked for as administrator, so that asking is not counted. */
    private void assertUsage() {
        JsonNode usage = usage("?step=month");
        JsonNode total = usage.path("total");
        assertThat(count(total, "requests")).isEqualTo(sum(0, 600));
        assertThat(count(total, "admitted")).isEqualTo(sum(0, 600));
        assertThat(count(total, "limited")).isZero();
        assertThat(count(total, "clientErrors")).isEqualTo(sum(400, 500));
        assertThat(count(total, "serverErrors")).isZero();
        assertThat(count(total, "requestBytes")).isEqualTo(requestBytes);
        assertThat(count(total, "responseBytes")).isEqualTo(responseBytes);
        // What was refused before the limits was charged to none.
        assertThat(count(total, "cost")).isEqualTo(sum(0, 600) - sum(403, 404) + furtherEvents);
        assertThat(usage.path("groups").size()).isEqualTo(answered.size());
        usage.path("groups")
                .forEach(group -> assertThat(count(group, "requests"))
                        .as(group.toString())
                        .isEqualTo(answered.getOrDefault(group.path("group").asString(), Map.of()).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()));
    }

    private void assertSeries() {
        for (String step : new String[] {"minute", "day", "month"}) {
            long inSeries = 0;
            for (JsonNode point : usage("?step=" + step).path("series")) {
                inSeries += count(point, "requests");
            }
            assertThat(inSeries).as(step).isEqualTo(sum(0, 600));
        }
        Client.Answer own = tenant.client().get("/api/v1/keys/" + tenant.keyId() + "/usage");
        assertThat(own.status()).as(own.text()).isEqualTo(200);
        assertThat(count(own.json().path("total"), "requests")).isEqualTo(sum(0, 600));
        Client.Answer all = admin.get("/api/v1/usage?tenant=" + tenant.id());
        assertThat(all.json().path("keys").get(0).path("key").asString()).isEqualTo(tenant.keyId());
    }

    private void assertOthersSeeNothing() {
        Tenant other = Tenant.create();
        assertThat(other.client()
                        .get("/api/v1/keys/" + tenant.keyId() + "/usage")
                        .status())
                .isEqualTo(404);
        assertThat(other.client().get("/api/v1/usage?tenant=" + tenant.id()).status())
                .isEqualTo(403);
        assertThat(count(
                        other.client()
                                .get("/api/v1/usage?key=" + tenant.keyId())
                                .json()
                                .path("total"),
                        "requests"))
                .isZero();
    }

    private JsonNode usage(String query) {
        Client.Answer answer = admin.get("/api/v1/keys/" + tenant.keyId() + "/usage" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static long count(JsonNode figures, String name) {
        return figures.path(name).asLong(-1);
    }

    /** How many requests had a status from the one on, before the other. */
    private long sum(int from, int to) {
        return answered.values().stream()
                .flatMap(statuses -> statuses.entrySet().stream())
                .filter(status -> status.getKey() >= from && status.getKey() < to)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
