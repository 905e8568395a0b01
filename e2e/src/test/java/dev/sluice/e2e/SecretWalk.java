package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.Receiver.Mood;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes one secret of every kind, uses each as it is meant, then puts each where it does not belong. */
final class SecretWalk {

    private static final String JSON = "application/json";
    private static final String KEYS = "/api/v1/keys";
    private static final String WEBHOOKS = "/api/v1/webhooks";
    private static final String SESSIONS = "/api/v1/sessions";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** How many characters at the end of a session's token are secret: 256 bits in base64url, which has underscores too. */
    private static final int SESSION_SECRET = 43;

    private final Platform platform = Platform.shared();
    private final Client admin = platform.client("admin");
    private final Tenant tenant = Tenant.create();
    private final List<Secret> secrets = new ArrayList<>();
    private final List<String> misplaced = new ArrayList<>();
    private final List<Client.Answer> errors = new ArrayList<>();

    static SecretWalk walk() {
        SecretWalk walk = new SecretWalk();
        walk.makeKeys();
        walk.makeWebhooks();
        walk.makeSession();
        walk.makeRoute();
        walk.addSecretsOfThePlatform();
        walk.misplaced.forEach(walk::misplace);
        return walk;
    }

    Tenant tenant() {
        return tenant;
    }

    List<Secret> secrets() {
        return secrets;
    }

    /** Every refusal there was. */
    List<Client.Answer> errors() {
        return errors;
    }

    /** A key as it was made, and the successor of one that was rolled. */
    private void makeKeys() {
        addKey("the key of the tenant", tenant.client().key());
        JsonNode made = taken(admin.send("POST", KEYS, JSON, Tenant.keyFor(tenant.id())));
        addKey("a key that was rolled", made.path("key").asString());
        JsonNode rolled = taken(
                admin.send("POST", KEYS + "/" + made.path("id").asString() + "/roll", JSON, "{\"overlap\":\"PT1H\"}"));
        addKey("its successor", rolled.path("key").asString());
        misplaced.add(made.path("key").asString());
        for (JsonNode key : List.of(made, rolled)) {
            Client client = new Client(admin.gateway(), key.path("key").asString());
            assertThat(client.get("/api/v1/limits").status()).isEqualTo(200);
        }
    }

    /** One secret that was given and one that was made, both used to sign an attempt that failed and one that did not. */
    private void makeWebhooks() {
        byte[] bytes = new byte[32];
        ThreadLocalRandom.current().nextBytes(bytes);
        String given = "whsec_" + Base64.getEncoder().encodeToString(bytes);
        ThreadLocalRandom.current().nextBytes(bytes);
        String credential = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        secrets.add(Secret.of("what a webhook sends in X-Shop", credential));
        try (Receiver receiver = new Receiver(Mood.REFUSES_FIRST)) {
            for (String secret : List.of("null", '"' + given + '"')) {
                JsonNode made = taken(tenant.client()
                        .send(
                                "POST",
                                WEBHOOKS,
                                JSON,
                                "{\"url\":\"%s\",\"eventTypes\":[\"e2e.*\"],\"secret\":%s,\"headers\":{\"X-Shop\":\"%s\"}}"
                                        .formatted(receiver.url(), secret, credential)));
                rotate(WEBHOOKS + "/" + made.path("id").asString());
                patchAndPut(WEBHOOKS + "/" + made.path("id").asString(), receiver.url(), credential);
                String told = made.path("secret").asString();
                secrets.add(Secret.ofBase64(
                        "the secret of webhook " + made.path("url").asString(), told.substring("whsec_".length())));
                if (told.equals(given)) {
                    misplaced.add(told);
                }
            }
            taken(tenant.client().send("POST", "/api/v1/events", JSON, event()));
            await().atMost(PATIENCE).until(() -> receiver.received().size() >= 4);
            assertThat(receiver.received())
                    .allSatisfy(request ->
                            assertThat(request.headers().get("x-shop")).containsExactly(credential));
        }
    }

    /** Both secrets sign from then on; each is asked for and told once. */
    private void rotate(String webhook) {
        Client client = tenant.client();
        JsonNode rotated = taken(client.send("POST", webhook + "/secret/rotate", JSON, "{\"overlap\":\"PT1H\"}"));
        String secret = rotated.path("secret").asString();
        assertThat(taken(client.get(webhook + "/secret")).path("secret").asString())
                .isEqualTo(secret);
        secrets.add(Secret.ofBase64("the new secret of " + webhook, secret.substring("whsec_".length())));
        refused(client.send("POST", webhook + "/secret/rotate", JSON, "{\"secret\":\"" + secret + "\"}"));
        refused(client.send("POST", webhook + "/secret/rotate", JSON, "{\"overlap\":\"" + secret + "\"}"));
    }

    /** Changed by its owner, with the headers as they are shown and one that cannot be taken. */
    private void patchAndPut(String webhook, String url, String credential) {
        Client client = tenant.client();
        taken(client.send("PATCH", webhook, JSON, "{\"headers\":{\"X-Shop\":\"***\"}}"));
        String terms = "{\"url\":\"%s\",\"eventTypes\":[\"e2e.*\"],\"headers\":{\"X-Shop\":\"%s\"}}";
        taken(client.send("PUT", webhook, JSON, terms.formatted(url, "***")));
        refused(client.send("PUT", webhook, JSON, terms.formatted(url, credential + "\u00e4")));
        refused(client.send("PATCH", webhook, JSON, "{\"headers\":{\"" + credential + " \":\"a\"}}"));
    }

    private String event() {
        return "{\"specversion\":\"1.0\",\"type\":\"e2e.secret\",\"subject\":\"%s\",\"data\":{\"key\":\"a\"}}"
                .formatted(subject());
    }

    /** What the event of this walk is about; no secret, so that it can be found. */
    String subject() {
        return tenant.id() + "-subject";
    }

    private void makeSession() {
        JsonNode made = taken(tenant.client().send("POST", SESSIONS, JSON, "{\"user\":\"user-7\"}"));
        String token = made.path("token").asString();
        secrets.add(Secret.of("the token of a session", token.substring(token.length() - SESSION_SECRET)));
        misplaced.add(token);
        taken(tenant.client().send("POST", SESSIONS + "/introspect", JSON, "{\"token\":\"%s\"}".formatted(token)));
        Client nobody = new Client(admin.gateway(), "");
        byte[] nothing = new byte[0];
        for (Map<String, String> headers : List.of(
                Map.of("Authorization", "Session " + token),
                Map.of("Cookie", "sluice_session=" + token),
                Map.of("Cookie", "__Host-sluice_session=" + token))) {
            keep(nobody.send("GET", "/e2e/nothing", "", nothing, headers));
        }
    }

    /** A route that hands its upstream a credential, put and put again as it is shown. */
    private void makeRoute() {
        byte[] bytes = new byte[32];
        ThreadLocalRandom.current().nextBytes(bytes);
        String credential = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        secrets.add(Secret.of("what a route sets in Authorization", credential));
        String route = "/api/v1/routes/" + tenant.id();
        try (Receiver receiver = new Receiver(Mood.TAKES_ALL)) {
            String terms = """
                    {"match": {"path": "/%s/**"}, "targets": [{"url": "%s"}],
                     "requestHeaders": {"set": {"Authorization": "Bearer %s"}}}""".formatted(tenant.id(), receiver.origin(), credential);
            String shown =
                    taken(admin.send("PUT", route, JSON, terms)).path("route").toString();
            taken(admin.send("PUT", route, JSON, shown));
            refused(admin.send("PUT", route, JSON, shown.replace("***", credential + "\u00e4")));
            await().atMost(PATIENCE)
                    .until(() -> tenant.client().answers(204, "POST", "/" + tenant.id() + "/hook", "{}"));
            assertThat(receiver.received().getLast().headers().get("authorization"))
                    .containsExactly("Bearer " + credential);
            Client.Answer again = admin.get(route);
            assertThat(again.text()).contains("\"Authorization\":\"***\"").doesNotContain(credential);
        }
        assertThat(admin.send("DELETE", route, "", "").status()).isEqualTo(204);
    }

    /** What was made with the folder of the platform: it must not show either, whoever used it. */
    private void addSecretsOfThePlatform() {
        JsonNode file = read("secrets.json");
        addKey("the key of the administrator", file.path("adminKey").asString());
        secrets.add(Secret.ofBase64(
                "what encrypts webhook secrets", file.path("webhookKey").asString()));
        secrets.add(
                Secret.ofBase64("what signs identities", file.path("internal").asString()));
        read("keys.json")
                .path("keys")
                .forEach(key -> addKey(
                        "the development key " + key.path("name").asString(),
                        key.path("key").asString()));
    }

    private JsonNode read(String file) {
        try {
            return JsonMapper.shared()
                    .readTree(Files.readAllBytes(platform.state().resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id before the last underscore is no secret. */
    private void addKey(String name, String key) {
        secrets.add(Secret.of(name, key.substring(key.lastIndexOf('_') + 1)));
    }

    private void misplace(String secret) {
        putInHeaders(secret);
        putInAddresses(secret);
        putInBodies(secret);
    }

    private void putInHeaders(String secret) {
        Client nobody = new Client(admin.gateway(), "");
        String basic = Base64.getEncoder().encodeToString(("user:" + secret).getBytes(StandardCharsets.UTF_8));
        byte[] body = event().getBytes(StandardCharsets.UTF_8);
        for (Map<String, String> headers : List.of(
                Map.of("Authorization", "Bearer " + secret + "x"),
                Map.of("Authorization", "Basic " + basic),
                Map.of("Authorization", "Session " + secret + "x"),
                Map.of("Authorization", secret, "X-API-Key", secret))) {
            refused(nobody.send("POST", "/api/v1/events", JSON, body, headers));
        }
        Client client = tenant.client();
        for (String name : List.of("Accept", "Content-Encoding", "Idempotency-Key")) {
            String value = name.equals("Idempotency-Key") ? secret + "\t" + secret : secret;
            refused(client.send("POST", "/api/v1/events", JSON, body, Map.of(name, value)));
        }
        refused(client.send("POST", "/api/v1/events", secret + "/json", body, Map.of()));
        refused(client.send(
                "PUT",
                "/api/v1/cache/namespaces/e2e/keys/a",
                "text/plain",
                body,
                Map.of("Cache-Control", "max-age=" + secret)));
        refused(client.send("GET", "/api/v1/events/stream", "", new byte[0], Map.of("Last-Event-ID", secret)));
        keep(client.send(
                "GET",
                "/api/v1/nothing",
                "",
                new byte[0],
                Map.of("traceparent", "00-" + secret, "X-Request-Id", secret + " ", "X-Forwarded-For", secret)));
        keep(client.send("GET", "/api/v1/nothing", "", new byte[0], Map.of("X-Request-Id", requestIdOf(secret))));
    }

    /** As much of it as an id may have, of the characters that it may have. */
    private static String requestIdOf(String secret) {
        String taken = secret.replaceAll("[^A-Za-z0-9._-]", ".");
        return taken.substring(0, Math.min(taken.length(), 64));
    }

    private void putInAddresses(String secret) {
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        for (String query : List.of("api_key=", "access_token=", "cursor=", "limit=", "tenant=", "wait=", "nothing=")) {
            keep(admin.get(KEYS + "?" + query + encoded));
            keep(tenant.client().get(SESSIONS + "?user=u&" + query + encoded));
            keep(tenant.client().get("/api/v1/cache/stats?" + query + encoded));
        }
        // A slash cannot stand in a path, even encoded.
        String segment = encoded.replace("%2F", "_");
        keep(admin.get("/schema-registry/subjects/" + segment + "/versions"));
        keep(admin.get("/schema-registry/config/" + segment));
        for (String path : List.of(KEYS, WEBHOOKS, SESSIONS, "/api/v1/jobs", "/api/v1/tenants", "/api/v1/nothing")) {
            keep(admin.get(path + "/" + segment));
            keep(admin.send("DELETE", path + "/" + segment, "", ""));
        }
    }

    private void putInBodies(String secret) {
        for (String body : List.of(
                "\"SECRET\"",
                "{\"SECRET",
                "SECRET",
                "{\"SECRET\":1}",
                "{\"tenant\":\"SECRET\"}",
                "{\"type\":\"SECRET\",\"specversion\":\"SECRET\"}",
                "{\"url\":\"https://user:SECRET@example.com/\",\"eventTypes\":[\"SECRET !\"]}",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"secret\":\"SECRET!\"}",
                "{\"user\":\"SECRET \"}",
                "{\"token\":\"SECRET\",\"token\":\"SECRET\"}",
                "{\"token\":{\"SECRET\":\"SECRET\"}}",
                "{\"name\":\"a\",\"tier\":\"SECRET\"}",
                "{\"match\":{\"path\":\"/SECRET*/**\"},\"targets\":[{\"url\":\"http://user:SECRET@127.0.0.1/\"}]}")) {
            String filled = body.replace("SECRET", secret);
            for (String path : List.of("/api/v1/events", WEBHOOKS, SESSIONS, KEYS)) {
                refused(admin.send("POST", path, JSON, filled));
            }
            refused(admin.send("POST", SESSIONS + "/introspect", JSON, filled.replace("\"}", " \",\"a\":1}")));
            refused(admin.send("PUT", "/api/v1/tenants/" + tenant.id(), JSON, filled));
            refused(admin.send("PUT", "/api/v1/routes/" + tenant.id(), JSON, filled));
        }
    }

    private static JsonNode taken(Client.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
        return answer.json();
    }

    private void refused(Client.Answer answer) {
        assertThat(answer.status())
                .as("%s %s", answer.response().request(), answer.text())
                .isBetween(400, 499);
        errors.add(answer);
    }

    private void keep(Client.Answer answer) {
        if (answer.status() >= 400) {
            errors.add(answer);
        }
    }
}
