package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.ApiDescription.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * Something that a tenant has, or that administrators have made.
 *
 * @param template its path in the API description; what is done to it has a path that begins so
 * @param own the values of the parameters of that path
 * @param unknown such values of nothing at all
 * @param owner who may see it
 * @param secret what lets others use it, if there is such a thing
 * @param shownAt where the owner sees how it is
 */
record Belonging(String template, List<String> own, List<String> unknown, Client owner, String secret, String shownAt) {

    static final String USER = "user-of-the-owner";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String JSON = "application/json";
    private static final String CACHE = "/api/v1/cache/namespaces/";
    private static final String NAMESPACE = CACHE + "{namespace}/";
    private static final String CONFIGURED = CACHE + "{namespace}";
    private static final String KEYS = "{\"keys\":[\"kept\"]}";
    private static final String TIER = "{\"description\":\"Test.\",\"limits\":[]}";
    private static final String ROUTE =
            "{\"match\":{\"path\":\"/ID/**\"},\"targets\":[{\"url\":\"http://127.0.0.1:9\"}]}";

    private static final String SINCE = "{\"from\":\"AN_HOUR_AGO\"}";

    /** What is sent to change something; an operation that is not here is sent nothing. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("PUT " + CONFIGURED, "{\"maxValueBytes\":10}"),
            Map.entry("PUT " + NAMESPACE + "keys/{key}", "of another"),
            Map.entry("POST " + NAMESPACE + "batch/get", KEYS),
            Map.entry("POST " + NAMESPACE + "batch/delete", KEYS),
            Map.entry("POST " + NAMESPACE + "batch/put", "{\"items\":[{\"key\":\"kept\",\"value\":\"eA==\"}]}"),
            Map.entry("POST " + NAMESPACE + "counters/{name}", "{\"delta\":1}"),
            Map.entry("POST " + NAMESPACE + "locks/{name}", "{\"owner\":\"another\"}"),
            Map.entry("PUT " + NAMESPACE + "locks/{name}", "{\"token\":SECRET}"),
            Map.entry("PUT /api/v1/event-types/{name}", "{\"description\":\"changed\"}"),
            Map.entry("PUT /api/v1/tiers/{name}", TIER.replace("Test", "Changed")),
            Map.entry("PUT /api/v1/tenants/{id}", "{\"name\":\"Changed\",\"tier\":\"free\"}"),
            Map.entry("PUT /api/v1/routes/{id}", ROUTE.replace("ID", "changed")),
            Map.entry(
                    "PUT /api/v1/webhooks/{id}",
                    "{\"url\":\"http://127.0.0.1:9/other\",\"eventTypes\":[\"e2e.changed\"]}"),
            Map.entry("PATCH /api/v1/webhooks/{id}", "{\"description\":\"changed\"}"),
            Map.entry("PATCH /api/v1/keys/{id}", "{\"name\":\"changed\"}"),
            Map.entry("POST /api/v1/webhooks/{id}/recover", SINCE),
            Map.entry("POST /api/v1/webhooks/{id}/replay", SINCE),
            Map.entry("POST /api/v1/keys/{id}/roll", "{}"));

    static List<Belonging> allOf(Tenant tenant, Client admin) {
        Client client = tenant.client();
        String name = Tenants.newName();
        String type = name.replace('-', '.');
        put(admin, "/api/v1/event-types/" + type + "?tenant=" + tenant.id(), "{\"description\":\"Test.\"}");
        put(admin, "/api/v1/tiers/" + name, TIER);
        put(admin, "/api/v1/routes/" + name, ROUTE.replace("ID", name));
        JsonNode session = taken(client.send("POST", "/api/v1/sessions", JSON, "{\"user\":\"" + USER + "\"}"))
                .json();
        String sessionId = session.path("session").path("id").asString();
        String webhook =
                Webhooks.register(client, "http://127.0.0.1:9/", "e2e.other").id();
        List<Belonging> all = new ArrayList<>(inTheCache(client, name));
        all.addAll(List.of(
                of("/api/v1/jobs/{id}", client, job(client)),
                of("/api/v1/event-types/{name}", client, type),
                delivery(client, webhook),
                replay(client, webhook),
                of("/api/v1/monitoring/traces/{traceId}", client, trace(client)),
                of("/api/v1/webhooks/{id}", client, webhook),
                new Belonging(
                        "/api/v1/sessions/{id}",
                        List.of(sessionId),
                        List.of(unknownLike(sessionId)),
                        client,
                        session.path("token").asString(),
                        "/api/v1/sessions/" + sessionId),
                of("/api/v1/tiers/{name}", client, name),
                of("/api/v1/tenants/{id}", admin, tenant.id()),
                of("/api/v1/routes/{id}", admin, name),
                // Not the one that the tenant uses: of that, the time of its last use changes.
                of(
                        "/api/v1/keys/{id}",
                        admin,
                        taken(admin.send("POST", "/api/v1/keys", JSON, Tenant.keyFor(tenant.id())))
                                .json()
                                .path("id")
                                .asString())));
        return List.copyOf(all);
    }

    /** Those with a longer path come before those whose path it begins with. */
    private static List<Belonging> inTheCache(Client client, String name) {
        String entry = CACHE + "e2e/keys/" + name;
        String counter = CACHE + "e2e/counters/" + name;
        String lock = CACHE + "e2e/locks/" + name;
        String kept = CACHE + name + "/keys/kept";
        String unknown = unknownLike(name);
        taken(client.send("PUT", entry, "text/plain", "of the owner"));
        taken(client.send("PUT", kept, "text/plain", "of the owner"));
        put(client, CACHE + name, "{\"defaultTtl\":\"PT1H\",\"maxEntries\":1000}");
        taken(client.send("POST", counter, JSON, "{\"delta\":7}"));
        String token = taken(client.send("POST", lock, JSON, "{\"owner\":\"owner\",\"ttlMillis\":3600000}"))
                .json()
                .path("token")
                .asString();
        return List.of(
                new Belonging(
                        NAMESPACE + "keys/{key}/lease",
                        List.of("e2e", name + "-leased"),
                        List.of("e2e", unknown + "-leased"),
                        client,
                        lease(client, entry + "-leased"),
                        entry),
                of(NAMESPACE + "keys/{key}", client, "e2e", name),
                of("/api/v1/cache/purges/{id}", client, purge(client, name + "-purged")),
                of("/api/v1/cache/warm/{id}", client, warm(client)),
                new Belonging(NAMESPACE + "batch", List.of(name), List.of(unknown), client, "", kept),
                of(NAMESPACE + "counters/{name}", client, "e2e", name),
                new Belonging(
                        NAMESPACE + "locks/{name}/{token}",
                        List.of("e2e", name, token),
                        List.of("e2e", unknown, token),
                        client,
                        token,
                        lock),
                new Belonging(
                        NAMESPACE + "locks/{name}", List.of("e2e", name), List.of("e2e", unknown), client, token, lock),
                of(CONFIGURED, client, name));
    }

    /** Nobody takes it, so it is tried again and again: the owner looks at the webhook, which stays as it is. */
    private static Belonging delivery(Client client, String webhook) {
        String at = "/api/v1/webhooks/" + webhook;
        taken(client.send("POST", "/api/v1/events", JSON, "{\"specversion\":\"1.0\",\"type\":\"e2e.other\"}"));
        String id = await().atMost(PATIENCE)
                .until(
                        () -> client.get(at + "/deliveries")
                                .json()
                                .path("data")
                                .path(0)
                                .path("id")
                                .asString(""),
                        found -> !found.isEmpty());
        return new Belonging(
                "/api/v1/webhooks/{id}/deliveries/{deliveryId}",
                List.of(webhook, id),
                List.of(unknownLike(webhook), unknownLike(id)),
                client,
                "",
                at);
    }

    /** One that is over: one that runs looks different each time. */
    private static Belonging replay(Client client, String webhook) {
        String jobs = "/api/v1/webhooks/" + webhook + "/jobs/";
        String id = taken(client.send("POST", "/api/v1/webhooks/" + webhook + "/recover", JSON, timed(SINCE)))
                .json()
                .path("id")
                .asString();
        await().atMost(PATIENCE).until(() -> client.get(jobs + id).text().contains("\"succeeded\""));
        return new Belonging(
                "/api/v1/webhooks/{id}/jobs/{jobId}",
                List.of(webhook, id),
                List.of(unknownLike(webhook), unknownLike(id)),
                client,
                "",
                jobs + id);
    }

    private static String timed(String body) {
        return body.replace(
                "AN_HOUR_AGO", Instant.now().minus(Duration.ofHours(1)).toString());
    }

    /** Of one request, so that it stays as it is. */
    private static String trace(Client client) {
        String id = String.format("%016x%016x", ThreadLocalRandom.current().nextLong(), 7);
        Map<String, String> headers = Map.of("traceparent", "00-" + id + "-00f067aa0ba902b7-01");
        taken(client.send("GET", "/api/v1/limits", "", new byte[0], headers));
        await().atMost(PATIENCE)
                .until(() -> client.get("/api/v1/monitoring/traces/" + id).status() == 200);
        return id;
    }

    private static String purge(Client client, String namespace) {
        String body = "{\"namespace\":\"" + namespace + "\"}";
        return taken(client.send("POST", "/api/v1/cache/purge", JSON, body))
                .json()
                .path("id")
                .asString();
    }

    /** A job that is over: one that runs looks different each time. */
    private static String warm(Client client) {
        String body = "{\"namespace\":\"e2e\",\"strategy\":\"list\",\"keys\":[\"none\"]}";
        String id = taken(client.send("POST", "/api/v1/cache/warm", JSON, body))
                .json()
                .path("id")
                .asString();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/api/v1/cache/warm/" + id).text().contains("\"succeeded\""));
        return id;
    }

    /** Asks to make a value that is missing. */
    static String lease(Client client, String entry) {
        Client.Answer answer = client.send("GET", entry, "", new byte[0], Map.of("Cache-Lease", "?1"));
        assertThat(answer.header("Cache-Lease")).as(answer.text()).startsWith("\"");
        return answer.header("Cache-Lease");
    }

    /** An id of the same form that nobody has. */
    static String unknownLike(String id) {
        int last = id.length() - 8;
        return id.substring(0, last) + id.substring(last + 3) + id.substring(last, last + 3);
    }

    String pathFor(String longerTemplate) {
        return fill(longerTemplate, own);
    }

    String unknownPathFor(String longerTemplate) {
        return fill(longerTemplate, unknown);
    }

    String body(Operation operation) {
        return timed(BODIES.getOrDefault(operation.toString(), "").replace("SECRET", secret));
    }

    Map<String, String> headers(Operation operation) {
        return operation.path().endsWith("/lease") ? Map.of("Cache-Lease", secret) : Map.of();
    }

    private static Belonging of(String template, Client owner, String... own) {
        String id = own[own.length - 1];
        List<String> unknown = own.length == 1 ? List.of(unknownLike(id)) : List.of(own[0], unknownLike(id));
        return new Belonging(template, List.of(own), unknown, owner, "", fill(template, List.of(own)));
    }

    /** Parameters behind those that are known are numbers of versions. */
    private static String fill(String template, List<String> values) {
        String path = template;
        for (String value : values) {
            path = path.replaceFirst("\\{[^}]*}", value);
        }
        return path.replaceAll("\\{[^}]*}", "1");
    }

    private static String job(Client client) {
        String line = "{\"specversion\":\"1.0\",\"type\":\"e2e.other\"}\n";
        return taken(client.send(
                        "POST",
                        "/api/v1/events/import",
                        "application/x-ndjson",
                        line.getBytes(StandardCharsets.UTF_8),
                        Map.of()))
                .json()
                .path("id")
                .asString();
    }

    private static void put(Client admin, String path, String body) {
        taken(admin.send("PUT", path, JSON, body));
    }

    private static Client.Answer taken(Client.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
        return answer;
    }
}
