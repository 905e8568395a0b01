package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;

/** A tenant of a test's own, with a key that may do all that a tenant can do for itself. */
record Tenant(String id, String keyId, Client client) {

    static final List<String> SCOPES = List.of(
            "events:write",
            "events:read",
            "webhooks:read",
            "webhooks:write",
            "webhooks:secret",
            "cache:read",
            "cache:write",
            "metrics:read",
            "sessions:read",
            "sessions:write");

    private static final String JSON = "application/json";

    static Tenant create() {
        Client admin = Platform.shared().client("admin");
        String id = Tenants.newOne(Platform.shared(), "unlimited");
        Client.Answer key = admin.send("POST", "/api/v1/keys", JSON, keyFor(id));
        assertThat(key.status()).as(key.text()).isEqualTo(201);
        return new Tenant(
                id,
                key.json().path("id").asString(),
                new Client(admin.gateway(), key.json().path("key").asString()));
    }

    /** The request for one more key of that tenant. */
    static String keyFor(String tenant) {
        String scopes = SCOPES.stream().map(scope -> '"' + scope + '"').collect(Collectors.joining(",", "[", "]"));
        return "{\"tenant\":\"%s\",\"name\":\"e2e\",\"environment\":\"test\",\"scopes\":%s}".formatted(tenant, scopes);
    }
}
