package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.ApiDescription.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Something that a tenant has, or that administrators have made.
 *
 * @param template its path in the API description; what is done to it has a path that begins so
 * @param own the values of the parameters of that path
 * @param unknown such values of nothing at all
 * @param owner who may see it
 * @param secret what lets others use it, if there is such a thing
 */
record Belonging(String template, List<String> own, List<String> unknown, Client owner, String secret) {

    static final String USER = "user-of-the-owner";

    private static final String JSON = "application/json";
    private static final String TIER = "{\"description\":\"Test.\",\"limits\":[]}";
    private static final String ROUTE =
            "{\"match\":{\"path\":\"/ID/**\"},\"targets\":[{\"url\":\"http://127.0.0.1:9\"}]}";

    /** What is sent to change something; an operation that is not here is sent nothing. */
    private static final Map<String, String> BODIES = Map.of(
            "PUT /api/v1/cache/namespaces/{namespace}/keys/{key}", "of another",
            "PUT /api/v1/event-types/{name}", "{\"description\":\"changed\"}",
            "PUT /api/v1/tiers/{name}", TIER.replace("Test", "Changed"),
            "PUT /api/v1/tenants/{id}", "{\"name\":\"Changed\",\"tier\":\"free\"}",
            "PUT /api/v1/routes/{id}", ROUTE.replace("ID", "changed"),
            "PATCH /api/v1/keys/{id}", "{\"name\":\"changed\"}",
            "POST /api/v1/keys/{id}/roll", "{}");

    static List<Belonging> allOf(Tenant tenant, Client admin) {
        Client client = tenant.client();
        String name = Tenants.newName();
        String type = name.replace('-', '.');
        put(admin, "/api/v1/event-types/" + type + "?tenant=" + tenant.id(), "{\"description\":\"Test.\"}");
        put(admin, "/api/v1/tiers/" + name, TIER);
        put(admin, "/api/v1/routes/" + name, ROUTE.replace("ID", name));
        taken(client.send("PUT", "/api/v1/cache/namespaces/e2e/keys/" + name, "text/plain", "of the owner"));
        JsonNode session = taken(client.send("POST", "/api/v1/sessions", JSON, "{\"user\":\"" + USER + "\"}"))
                .json();
        String sessionId = session.path("session").path("id").asString();
        return List.of(
                of("/api/v1/jobs/{id}", client, job(client)),
                of("/api/v1/event-types/{name}", client, type),
                of(
                        "/api/v1/webhooks/{id}",
                        client,
                        Webhooks.register(client, "http://127.0.0.1:9/", "e2e.other")
                                .id()),
                of("/api/v1/cache/namespaces/{namespace}/keys/{key}", client, "e2e", name),
                new Belonging(
                        "/api/v1/sessions/{id}",
                        List.of(sessionId),
                        List.of(unknownLike(sessionId)),
                        client,
                        session.path("token").asString()),
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
                                .asString()));
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
        return BODIES.getOrDefault(operation.toString(), "");
    }

    private static Belonging of(String template, Client owner, String... own) {
        String id = own[own.length - 1];
        List<String> unknown = own.length == 1 ? List.of(unknownLike(id)) : List.of(own[0], unknownLike(id));
        return new Belonging(template, List.of(own), unknown, owner, "");
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
