package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.stream.SseClient.Event;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway: a stream ends as soon as its key may not have it any more. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Timeout(120)
class StreamAccessIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ApiKeyTable keys;

    @Autowired
    private EventTailListener tail;

    private final String tenant = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("spring.data.redis.host", () -> LocalRedis.shared().host());
        registry.add("spring.data.redis.port", () -> LocalRedis.shared().port());
        registry.add("sluice.kafka.max-partitions", () -> 1);
        registry.add("sluice.internal.secret", () -> "an internal secret of enough bytes for tests");
        registry.add("sluice.gateway.api-key.bootstrap-admin", () -> ADMIN_KEY);
        registry.add("management.server.port", () -> 0);
    }

    @BeforeEach
    void awaitGateway() throws Exception {
        await().atMost(PATIENCE).until(() -> keys.ready() && tail.positions().isPresent());
        putTenant("active");
    }

    @Test
    void tellsAKeyWithTheScopeWhatItsTenantPublishes() throws Exception {
        JsonNode reader = createKey("\"events:read\"", "");
        JsonNode writer = createKey("\"events:write\"", "");
        try (SseClient stream = open(reader)) {
            ask("POST", "/api/v1/events", writer, "{\"specversion\":\"1.0\",\"type\":\"order.created\",\"data\":1}");
            assertThat(stream.take(1)).extracting(Event::type).containsExactly("order.created");
        }
        try (SseClient refused = open(writer)) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("\"scope\":\"events:read\"");
        }
        try (SseClient admin = SseClient.open(port, "", "Authorization", "Bearer " + ADMIN_KEY)) {
            assertThat(admin.status()).isEqualTo(200);
        }
    }

    @Test
    void endsTheStreamsOfARevokedKeyAndNoOthers() throws Exception {
        JsonNode revoked = createKey("\"events:read\"", "");
        JsonNode other = createKey("\"events:read\"", "");
        try (SseClient stream = open(revoked);
                SseClient kept = open(other)) {
            ask("DELETE", "/api/v1/keys/" + revoked.path("id").asString(), null, null);
            assertClosed(stream, "key_invalid");
            JsonNode writer = createKey("\"events:write\"", "");
            ask("POST", "/api/v1/events", writer, "{\"specversion\":\"1.0\",\"type\":\"still.here\",\"data\":1}");
            assertThat(kept.take(1)).extracting(Event::type).containsExactly("still.here");
        }
    }

    @Test
    void endsTheStreamsOfAKeyThatIsRolledWithoutOverlap() throws Exception {
        JsonNode key = createKey("\"events:read\"", "");
        try (SseClient stream = open(key)) {
            ask("POST", "/api/v1/keys/" + key.path("id").asString() + "/roll", null, "{\"overlap\":\"PT0S\"}");
            assertClosed(stream, "key_invalid");
        }
    }

    @Test
    void endsTheStreamsOfAKeyThatExpires() throws Exception {
        JsonNode key =
                createKey("\"events:read\"", ",\"expiresAt\":\"" + Instant.now().plusSeconds(4) + "\"");
        try (SseClient stream = open(key)) {
            assertThat(stream.status()).isEqualTo(200);
            assertClosed(stream, "key_invalid");
        }
    }

    @Test
    void endsTheStreamsOfAKeyThatLosesTheScope() throws Exception {
        JsonNode key = createKey("\"events:read\",\"cache:read\"", "");
        try (SseClient stream = open(key)) {
            ask("PATCH", "/api/v1/keys/" + key.path("id").asString(), null, "{\"scopes\":[\"cache:read\"]}");
            assertClosed(stream, "scope_removed");
        }
    }

    @Test
    void endsTheStreamsOfASuspendedTenant() throws Exception {
        JsonNode key = createKey("\"events:read\"", "");
        try (SseClient stream = open(key)) {
            putTenant("suspended");
            assertClosed(stream, "tenant_suspended");
        }
    }

    private static void assertClosed(SseClient stream, String reason) throws Exception {
        Event closed = stream.take(1).getFirst();
        assertThat(closed.type()).isEqualTo("closed");
        assertThat(closed.data()).contains("\"reason\":\"" + reason + "\"");
        assertThat(stream.next()).isNull();
    }

    private SseClient open(JsonNode key) throws Exception {
        return SseClient.open(
                port, "", "Authorization", "Bearer " + key.path("key").asString());
    }

    private void putTenant(String status) throws Exception {
        ask(
                "PUT",
                "/api/v1/tenants/" + tenant,
                null,
                "{\"name\":\"Test\",\"tier\":\"unlimited\",\"status\":\"" + status + "\"}");
    }

    private JsonNode createKey(String scopes, String more) throws Exception {
        return ask(
                "POST",
                "/api/v1/keys",
                null,
                "{\"tenant\":\"" + tenant + "\",\"name\":\"test\",\"environment\":\"live\",\"scopes\":[" + scopes + "]"
                        + more + "}");
    }

    /** As administrator when there is no key. */
    private JsonNode ask(String method, String path, @Nullable JsonNode key, @Nullable String body) throws Exception {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Bearer " + (key == null ? ADMIN_KEY : key.path("key").asString()))
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, publisher)
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }
}
