package dev.sluice.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.IdentityToken;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway, with a stand-in for metrics-aggregator: who is let through to it, and in whose name. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class KeyUsageIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Upstream METRICS = new Upstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ApiKeyTable keys;

    @Autowired
    private IdentityToken token;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String other = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("spring.data.redis.host", () -> LocalRedis.shared().host());
        registry.add("spring.data.redis.port", () -> LocalRedis.shared().port());
        registry.add("sluice.kafka.max-partitions", () -> 1);
        registry.add("sluice.internal.secret", () -> "an internal secret of enough bytes for tests");
        registry.add("sluice.gateway.api-key.bootstrap-admin", () -> ADMIN_KEY);
        registry.add("sluice.gateway.services.metrics", METRICS::url);
        registry.add("management.server.port", () -> 0);
    }

    @BeforeEach
    void makeTenants() throws IOException {
        await().atMost(PATIENCE).until(keys::ready);
        METRICS.reset();
        putTenant(tenant);
        putTenant(other);
    }

    @AfterAll
    static void stop() {
        METRICS.stop();
    }

    @Test
    void asksForTheKeyInTheNameOfItsTenant() throws IOException {
        JsonNode key = newKey(tenant, "metrics:read");
        String path = path(key) + "?step=minute&from=2026-01-01T00:00:00Z";
        assertThat(get(path, key.path("key").asString()))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok");
        assertThat(METRICS.only().uri()).isEqualTo(path);
        assertThat(tenantAskedFor()).isEqualTo(tenant);

        METRICS.reset();
        assertThat(get(path, ADMIN_KEY)).startsWith("HTTP/1.1 200");
        assertThat(tenantAskedFor()).isEqualTo(tenant);
        assertThat(token.verify(METRICS.only().headers().get(IdentityToken.HEADER)))
                .hasValueSatisfying(identity -> assertThat(identity.scopes()).containsExactly("admin"));
    }

    @Test
    void anotherTenantsKeyIsAsUnknownAsNoKey() throws IOException {
        String path = path(newKey(tenant, "metrics:read"));
        String stranger = newKey(other, "metrics:read").path("key").asString();
        String known = get(path, stranger);
        String unknown = get("/api/v1/keys/Xk3pW9sQ2mT7vB1c/usage", stranger);
        assertThat(known).startsWith("HTTP/1.1 404");
        assertThat(problem(known)).isEqualTo(problem(unknown));
        assertThat(METRICS.seen()).isEmpty();
    }

    @Test
    void needsTheScopeAndKnownParameters() throws IOException {
        JsonNode key = newKey(tenant, "cache:read");
        assertThat(get(path(key), key.path("key").asString())).startsWith("HTTP/1.1 403");
        assertThat(get(path(key) + "?since=1", ADMIN_KEY))
                .startsWith("HTTP/1.1 400")
                .contains("\"field\":\"query\"");
        assertThat(METRICS.seen()).isEmpty();
    }

    private String tenantAskedFor() {
        return token.verify(METRICS.only().headers().get(IdentityToken.HEADER))
                .orElseThrow()
                .tenant();
    }

    private static String path(JsonNode key) {
        return "/api/v1/keys/" + key.path("id").asString() + "/usage";
    }

    /** Without what names the request. */
    private static String problem(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n"))
                .replaceAll("\"requestId\":\"[^\"]*\"", "")
                .replaceAll("/api/v1/keys/\\w+/usage", "");
    }

    private void putTenant(String id) throws IOException {
        await().atMost(PATIENCE)
                .until(() -> post("PUT", "/api/v1/tenants/" + id, "{\"name\":\"Test\",\"tier\":\"unlimited\"}")
                        .startsWith("HTTP/1.1 201"));
    }

    private JsonNode newKey(String owner, String scope) throws IOException {
        String body = "{\"tenant\":\"%s\",\"name\":\"a\",\"environment\":\"test\",\"scopes\":[\"%s\"]}"
                .formatted(owner, scope);
        String made = post("POST", "/api/v1/keys", body);
        assertThat(made).startsWith("HTTP/1.1 201");
        return JSON.readTree(made.substring(made.indexOf("\r\n\r\n")));
    }

    private String post(String method, String path, String body) throws IOException {
        try (Wire wire = Wire.to(port)) {
            return wire.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ADMIN_KEY
                            + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .readToEnd();
        }
    }

    private String get(String path, String key) throws IOException {
        return Wire.get(port, path, "Authorization: Bearer " + key);
    }
}
