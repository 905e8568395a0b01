package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;

/** Makes tenants that no other test knows. */
final class Tenants {

    private static final String JSON = "application/json";

    private Tenants() {}

    /** A client with the key of a new tenant. */
    static Client newClient(Platform platform, String tier) {
        Client admin = platform.client("admin");
        String tenant = newOne(platform, tier);
        Client.Answer key = admin.send("POST", "/api/v1/keys", JSON, key(tenant));
        assertThat(key.status()).as(key.text()).isEqualTo(201);
        return new Client(admin.gateway(), key.json().path("key").asString());
    }

    /** The same on a tier of its own, which has one limit, over all that the tenant asks for. */
    static Client newClientWith(Platform platform, String limit) {
        String tier = newName();
        make(
                platform,
                "/api/v1/tiers/" + tier,
                "{\"description\":\"One limit.\",\"limits\":[{\"name\":\"all\",\"group\":\"*\",%s}]}".formatted(limit));
        return newClient(platform, tier);
    }

    /** The name of a new tenant. */
    static String newOne(Platform platform, String tier) {
        String tenant = newName();
        make(platform, "/api/v1/tenants/" + tenant, "{\"name\":\"Made for a test\",\"tier\":\"%s\"}".formatted(tier));
        return tenant;
    }

    private static void make(Platform platform, String path, String body) {
        Client.Answer made = platform.client("admin").send("PUT", path, JSON, body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
    }

    /** What is sent to make a key of a tenant. */
    static String key(String tenant) {
        return "{\"tenant\":\"%s\",\"name\":\"e2e\",\"environment\":\"test\",\"scopes\":[\"webhooks:read\"]}"
                .formatted(tenant);
    }

    /** A name that nothing else of the platform has. */
    static String newName() {
        return "e2e-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    }
}
