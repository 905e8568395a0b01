package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.whole.WholeGatewayTest;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway: a route that is put leads to its upstream, on the terms that it says. */
@WholeGatewayTest
class ProxiedRouteIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Upstream UPSTREAM = new Upstream();

    @Value("${local.server.port}")
    private int port;

    @BeforeEach
    void reset() {
        UPSTREAM.reset();
    }

    @AfterAll
    static void stop() {
        UPSTREAM.stop();
    }

    @Test
    void leadsToTheUpstreamAsSoonAsItIsPut() throws IOException {
        assertThat(get("/early/a", ADMIN_KEY)).startsWith("HTTP/1.1 404").contains("application/problem+json");
        putRoute("early", Map.of("match", Map.of("path", "/early/**"), "targets", targets()));
        assertThat(get("/early/a?b=c", ADMIN_KEY)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nok");
        assertThat(UPSTREAM.only().uri()).isEqualTo("/early/a?b=c");
        assertThat(UPSTREAM.only().headers().entries())
                .noneMatch(header -> header.getValue().contains("slk_"));
        assertThat(status("DELETE", "/api/v1/routes/early", null)).isEqualTo(204);
        assertThat(get("/early/a", ADMIN_KEY)).startsWith("HTTP/1.1 404").contains("application/problem+json");
        assertThat(UPSTREAM.seen()).hasSize(1);
    }

    @Test
    void letsInOnlyWhoHasTheScopes() throws IOException {
        putRoute(
                "scoped",
                Map.of("match", Map.of("path", "/scoped"), "targets", targets(), "scopes", List.of("metrics:read")));
        String reader = newKey("scoped", "basic", "metrics:read");
        String other = newKey("scoped", "basic", "cache:read");
        assertThat(Wire.get(port, "/scoped")).startsWith("HTTP/1.1 401");
        assertThat(get("/scoped", other)).startsWith("HTTP/1.1 403").contains("metrics:read");
        assertThat(UPSTREAM.seen()).isEmpty();
        assertThat(get("/scoped", reader)).startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.seen()).hasSize(1);
    }

    @Test
    void tellsTheUpstreamWhoIsAskingWhereTheRouteSaysSo() throws IOException {
        Map<String, Object> usual = Map.of("match", Map.of("path", "/usual"), "targets", targets());
        putRoute("usual", usual);
        putRoute("told", Map.of("match", Map.of("path", "/told"), "targets", targets(), "identity", "headers"));
        String key = newKey("asker", "basic", "cache:read");
        String[] forged = {
            "Authorization: Bearer " + key,
            "X-Sluice-Tenant: forged",
            "x-sluice-tier: forged",
            "X-Sluice-Key-Id: forged",
            "X-SLUICE-SCOPES: admin"
        };
        assertThat(Wire.get(port, "/usual", forged)).startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.only().headers().names())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-sluice-"));
        UPSTREAM.reset();
        assertThat(Wire.get(port, "/told", forged)).startsWith("HTTP/1.1 200");
        HttpHeaders told = UPSTREAM.only().headers();
        assertThat(told.getAll("X-Sluice-Tenant")).containsExactly("asker");
        assertThat(told.getAll("X-Sluice-Tier")).containsExactly("basic");
        assertThat(told.getAll("X-Sluice-Key-Id")).containsExactly(key.split("_", -1)[2]);
        assertThat(told.getAll("X-Sluice-Scopes")).containsExactly("cache:read");
        assertThat(told.toString()).doesNotContain("slk_");
        Map<String, Object> anonymous = new HashMap<>(usual);
        anonymous.putAll(Map.of("identity", "headers", "access", "anonymous"));
        assertThat(status("PUT", "/api/v1/routes/usual", anonymous)).isEqualTo(400);
    }

    @Test
    void countsInTheLimitGroupOfTheRouteAtItsCost() throws IOException {
        putRoute(
                "readings",
                Map.of("match", Map.of("path", "/r"), "targets", targets(), "limitGroup", "readings", "cost", 4));
        String key = newKey("limited", "free", "cache:read");
        // The tier free has 10 a day.
        assertThat(get("/r", key)).startsWith("HTTP/1.1 200").contains("\"readings-day\";r=6");
        assertThat(get("/r", key)).startsWith("HTTP/1.1 200").contains("\"readings-day\";r=2");
        assertThat(get("/r", key)).startsWith("HTTP/1.1 429").contains("[\"readings-day\"]");
        assertThat(UPSTREAM.seen()).hasSize(2);
    }

    @Test
    void leavesThePlatformsOwnPathsToIt() throws IOException {
        putRoute("all", Map.of("match", Map.of("path", "/**"), "targets", targets(), "access", "anonymous"));
        assertThat(get("/api/v1/limits", ADMIN_KEY)).startsWith("HTTP/1.1 200");
        assertThat(get("/api/v1/nothing", ADMIN_KEY)).startsWith("HTTP/1.1 404").contains("application/problem+json");
        assertThat(Wire.get(port, "/")).startsWith("HTTP/1.1 200").contains("<html");
        assertThat(Wire.get(port, "/schema-registry/subjects")).startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.seen()).isEmpty();
        assertThat(Wire.get(port, "/anything")).startsWith("HTTP/1.1 200");
        assertThat(UPSTREAM.only().uri()).isEqualTo("/anything");
        assertThat(status("DELETE", "/api/v1/routes/all", null)).isEqualTo(204);
    }

    private static List<Map<String, String>> targets() {
        return List.of(Map.of("url", UPSTREAM.url()));
    }

    private void putRoute(String id, Map<String, Object> route) {
        assertThat(status("PUT", "/api/v1/routes/" + id, route)).isEqualTo(201);
    }

    private String newKey(String tenant, String tier, String scope) {
        assertThat(status("PUT", "/api/v1/tenants/" + tenant, Map.of("name", tenant, "tier", tier)))
                .isBetween(200, 201);
        JsonNode made = JSON.readTree(client().post()
                .uri("/api/v1/keys")
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JSON.writeValueAsBytes(
                        Map.of("tenant", tenant, "name", scope, "environment", "test", "scopes", List.of(scope))))
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBodyContent());
        return made.path("key").asString();
    }

    private String get(String path, String key) throws IOException {
        return Wire.get(port, path, "Authorization: Bearer " + key);
    }

    private int status(String method, String path, @Nullable Object body) {
        WebTestClient.RequestBodySpec request =
                client().method(HttpMethod.valueOf(method)).uri(path).header("Authorization", "Bearer " + ADMIN_KEY);
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(JSON.writeValueAsBytes(body));
        }
        return request.exchange().expectBody().returnResult().getStatus().value();
    }

    private WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }
}
