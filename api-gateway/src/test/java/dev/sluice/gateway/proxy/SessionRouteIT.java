package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.whole.WholeGatewayTest;
import dev.sluice.platform.test.IsolatedRedis;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway: users whom a tenant has logged in reach the routes that take sessions, and no others. */
@WholeGatewayTest
class SessionRouteIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Upstream UPSTREAM = new Upstream();

    @Autowired
    private IsolatedRedis redis;

    @Value("${local.server.port}")
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        UPSTREAM.reset();
        put("/api/v1/routes/shop", route("/shop/**", "session"));
        put("/api/v1/routes/back", route("/back/**", "key"));
    }

    @AfterEach
    void deleteRoutes() throws IOException {
        for (String route : List.of("shop", "back")) {
            assertThat(Wire.exchange(port, "DELETE", "/api/v1/routes/" + route, bearer(ADMIN_KEY)))
                    .startsWith("HTTP/1.1 204");
        }
    }

    @AfterAll
    static void stop() {
        UPSTREAM.stop();
    }

    @Test
    void tellsTheUpstreamWhoIsAskingAndNeverTheToken() throws IOException {
        String token = logIn(newKey("acme", "basic"), "ada@example.org");
        assertThat(get("/shop/a", "Authorization: Session " + token, "X-Sluice-User: root"))
                .startsWith("HTTP/1.1 200");
        assertThat(get("/shop/b", "Cookie: a=b; __Host-sluice-session=" + token + "; c=d", "x-sluice-user: root"))
                .startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.seen()).hasSize(2).allSatisfy(seen -> {
            assertThat(seen.headers().getAll("X-Sluice-User")).containsExactly("ada@example.org");
            assertThat(seen.headers().toString()).doesNotContain("sls_");
        });
        assertThat(UPSTREAM.seen().getLast().headers().get("Cookie")).isEqualTo("a=b; c=d");
        assertThat(UPSTREAM.seen().getFirst().headers().contains("Authorization"))
                .isFalse();
    }

    @Test
    void countsInTheLimitsOfItsTenant() throws IOException {
        String token = logIn(newKey("poor", "free"), "ada");
        assertThat(get("/shop/a", "Authorization: Session " + token))
                .startsWith("HTTP/1.1 200")
                .contains("\"readings-day\";r=6");
        assertThat(get("/shop/a", "Authorization: Session " + token)).contains("\"readings-day\";r=2");
        assertThat(get("/shop/a", "Authorization: Session " + token)).startsWith("HTTP/1.1 429");
    }

    @Test
    void takesKeysToo() throws IOException {
        String key = newKey("keyed", "basic");
        String token = logIn(key, "ada");
        assertThat(get("/shop/a", bearer(key), "Cookie: __Host-sluice-session=" + token, "X-Sluice-User: root"))
                .startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.only().headers().contains("X-Sluice-User")).isFalse();
        assertThat(UPSTREAM.only().headers().contains("Cookie")).isFalse();
        assertThat(get("/shop/a")).startsWith("HTTP/1.1 401");
    }

    @Test
    void refusesSessionsThatAreOverAndThoseOfNobody() throws IOException {
        String key = newKey("leaving", "basic");
        String token = logIn(key, "ada");
        String forged = token.substring(0, 54) + "0123456789012345678901234567890123456789abc";
        for (String bad : List.of("x", forged)) {
            assertThat(get("/shop/a", "Authorization: Session " + bad))
                    .startsWith("HTTP/1.1 401")
                    .contains("WWW-Authenticate: Session realm");
        }
        assertThat(Wire.exchange(port, "DELETE", "/api/v1/sessions?user=ada", bearer(key)))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"revoked\":1}");
        assertThat(get("/shop/a", "Authorization: Session " + token)).startsWith("HTTP/1.1 401");
        assertThat(UPSTREAM.seen()).isEmpty();
    }

    @Test
    void reachesNothingElseWithASession() throws IOException {
        String token = logIn(newKey("curious", "basic"), "ada");
        assertThat(get("/back/a", "Authorization: Session " + token)).startsWith("HTTP/1.1 401");
        assertThat(get("/api/v1/limits", "Authorization: Session " + token)).startsWith("HTTP/1.1 401");
        assertThat(get("/shop/a?token=" + token)).startsWith("HTTP/1.1 400");
        assertThat(get("/shop/a", "Authorization: Session " + token, "X-API-Key: " + ADMIN_KEY))
                .startsWith("HTTP/1.1 400");
        assertThat(UPSTREAM.seen()).isEmpty();
    }

    @Test
    void letsNoUserOfASuspendedTenantIn() throws IOException {
        String token = logIn(newKey("gone", "basic"), "ada");
        put("/api/v1/tenants/gone", Map.of("name", "gone", "tier", "basic", "status", "suspended"));
        assertThat(get("/shop/a", "Authorization: Session " + token)).startsWith("HTTP/1.1 403");
    }

    @Test
    void says503WhileRedisIsAway() throws IOException {
        String token = logIn(newKey("patient", "basic"), "ada");
        redis.pause();
        try {
            assertThat(get("/shop/a", "Authorization: Session " + token))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1");
        } finally {
            redis.resume();
        }
    }

    private static Map<String, Object> route(String path, String access) {
        return Map.of(
                "match",
                Map.of("path", path),
                "targets",
                List.of(Map.of("url", UPSTREAM.url())),
                "access",
                access,
                "limitGroup",
                "readings",
                "cost",
                4);
    }

    private String logIn(String key, String user) throws IOException {
        return send("POST", "/api/v1/sessions", key, Map.of("user", user))
                .path("token")
                .asString();
    }

    private String newKey(String tenant, String tier) throws IOException {
        put("/api/v1/tenants/" + tenant, Map.of("name", tenant, "tier", tier));
        List<String> scopes = List.of("sessions:read", "sessions:write");
        Map<String, Object> wanted = Map.of("tenant", tenant, "name", "a", "environment", "test", "scopes", scopes);
        return send("POST", "/api/v1/keys", ADMIN_KEY, wanted).path("key").asString();
    }

    private void put(String path, Map<String, Object> body) throws IOException {
        assertThat(send("PUT", path, ADMIN_KEY, body).has("code")).isFalse();
    }

    private JsonNode send(String method, String path, String key, Map<String, Object> body) throws IOException {
        String text = JSON.writeValueAsString(body);
        try (Wire wire = Wire.to(port)) {
            String answer = wire.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + bearer(key)
                            + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                            + text.length() + "\r\n\r\n" + text)
                    .readToEnd();
            return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
        }
    }

    private String get(String path, String... headers) throws IOException {
        return Wire.get(port, path, headers);
    }

    private static String bearer(String key) {
        return "Authorization: Bearer " + key;
    }
}
