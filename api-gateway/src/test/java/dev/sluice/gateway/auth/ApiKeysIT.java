package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.ApiKey;
import dev.sluice.record.AuditEntry;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway on a real broker: keys are made, used, refused and revoked over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ApiKeysIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ApiKeyTable keys;

    @Autowired
    private LogTables tables;

    @Autowired
    private KafkaClients kafka;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    private final String tenant = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("spring.data.redis.host", () -> LocalRedis.shared().host());
        registry.add("spring.data.redis.port", () -> LocalRedis.shared().port());
        registry.add("sluice.kafka.max-partitions", () -> 1);
        registry.add("sluice.internal.secret", () -> "an internal secret of enough bytes for tests");
        registry.add("sluice.gateway.api-key.bootstrap-admin", () -> ADMIN_KEY);
        // Many wrong keys come from one address here.
        registry.add("sluice.gateway.auth.wrong-keys-per-minute", () -> 1_000);
        registry.add("management.server.port", () -> 0);
    }

    @BeforeEach
    void awaitKeys() {
        await().atMost(PATIENCE).until(keys::ready);
    }

    @Test
    void makesKeysThatWorkUntilTheyAreRevoked() {
        putTenant(tenant);
        JsonNode created = create("live", List.of("webhooks:read"));
        String key = created.path("key").asString();
        String id = created.path("id").asString();
        assertThat(key).startsWith("slk_live_" + id + "_").hasSize(75);

        assertThat(status("GET", "/api/v1/keys/" + id, key)).isEqualTo(403);
        assertThat(status("GET", "/api/v1/nothing", key)).isEqualTo(404);

        JsonNode shown = json(call("GET", "/api/v1/keys/" + id, ADMIN_KEY, null));
        assertThat(shown.path("status").asString()).isEqualTo("active");
        assertThat(shown.has("key")).as("the secret is shown once").isFalse();
        JsonNode listed = json(call("GET", "/api/v1/keys?tenant=" + tenant, ADMIN_KEY, null));
        assertThat(listed.path("data").size()).isEqualTo(1);

        assertThat(status("DELETE", "/api/v1/keys/" + id, ADMIN_KEY)).isEqualTo(204);
        assertThat(status("GET", "/api/v1/nothing", key)).isEqualTo(401);
        assertThat(status("DELETE", "/api/v1/keys/" + id, ADMIN_KEY))
                .as("again")
                .isEqualTo(204);
    }

    @Test
    void onlyTheHashOfAKeyIsOnTheLog() {
        putTenant(tenant);
        JsonNode created = create("test", List.of("cache:read"));
        ApiKey stored =
                tables.of(Topics.API_KEYS).find(created.path("id").asString()).orElseThrow();
        assertThat(stored.getHash().remaining()).isEqualTo(32);
        String secret = created.path("key").asString().substring(26);
        assertThat(stored.toString()).doesNotContain(secret);
    }

    @Test
    void pagesThroughKeys() {
        putTenant(tenant);
        for (int i = 0; i < 3; i++) {
            create("test", List.of("cache:read"));
        }
        JsonNode first = json(call("GET", "/api/v1/keys?limit=2&tenant=" + tenant, ADMIN_KEY, null));
        assertThat(first.path("data").size()).isEqualTo(2);
        JsonNode second = json(call(
                "GET",
                "/api/v1/keys?limit=2&tenant=" + tenant + "&cursor="
                        + first.path("nextCursor").asString(),
                ADMIN_KEY,
                null));
        assertThat(second.path("data").size()).isEqualTo(1);
        assertThat(second.path("nextCursor").isNull()).isTrue();
    }

    @Test
    void suspendsATenantWithAllItsKeys() {
        putTenant(tenant);
        String key = create("live", List.of("admin")).path("key").asString();
        assertThat(status("GET", "/api/v1/tenants/" + tenant, key)).isEqualTo(200);
        EntityExchangeResult<byte[]> answer = call(
                "PUT",
                "/api/v1/tenants/" + tenant,
                ADMIN_KEY,
                Map.of("name", "Test", "tier", "free", "status", "suspended"));
        assertThat(answer.getStatus().value()).isEqualTo(200);
        assertThat(status("GET", "/api/v1/tenants/" + tenant, key)).isEqualTo(403);
    }

    static Stream<String> keysThatAreNone() {
        return Stream.of(
                "x",
                "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc000000",
                ADMIN_KEY.toUpperCase(Locale.ROOT),
                ADMIN_KEY + "a",
                "slk_live_NobodysKey000000_0123456789012345678901234567890123456789abc3s1NCg",
                "a".repeat(6_000));
    }

    @ParameterizedTest
    @MethodSource("keysThatAreNone")
    void answersEveryWrongKeyAlike(String key) {
        EntityExchangeResult<byte[]> answer = call("GET", "/api/v1/nothing", key, null);
        assertThat(answer.getStatus().value()).isEqualTo(401);
        assertThat(answer.getResponseHeaders().getFirst("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"sluice\", error=\"invalid_token\"");
        assertThat(json(answer).path("code").asString()).isEqualTo("unauthenticated");
        assertThat(json(answer).path("detail").asString())
                .isEqualTo("The API key is mistyped, unknown, expired or revoked; send a valid one.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void noMethodPassesWithoutAKey(String method) {
        EntityExchangeResult<byte[]> answer = client().method(HttpMethod.valueOf(method))
                .uri("/api/v1/keys")
                .exchange()
                .expectBody()
                .returnResult();
        assertThat(answer.getStatus().value()).isEqualTo(401);
        assertThat(answer.getResponseHeaders().getFirst("WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void everyRouteButTheOpenOnesNeedsAKey() {
        List<String> open = requestMappingHandlerMapping.getHandlerMethods().keySet().stream()
                .flatMap(mapping -> mapping.getPatternsCondition().getPatterns().stream())
                .map(pattern -> pattern.getPatternString().replaceAll("\\{[^}]*}", "x"))
                .filter(path -> client().get()
                                .uri(path)
                                .exchange()
                                .returnResult(byte[].class)
                                .getStatus()
                                .value()
                        != 401)
                .map(path -> path.startsWith("/schema-registry") ? "/schema-registry" : path)
                .distinct()
                .toList();
        assertThat(open).containsExactlyInAnyOrder("/", "/schema-registry");
    }

    @ParameterizedTest
    @MethodSource("badTenants")
    void namesWhatIsWrongWithATenant(String body, String code, String field) {
        assertProblem(call("PUT", "/api/v1/tenants/" + tenant, ADMIN_KEY, body), 400, code, field);
    }

    static Stream<Arguments> badTenants() {
        return Stream.of(
                bad("", "invalid_json", "body"),
                bad("{", "invalid_json", "body"),
                bad("[]", "wrong_type", "body"),
                bad("{\"name\":\"A\"}", "missing_field", "tier"),
                bad("{\"name\":1,\"tier\":\"free\"}", "wrong_type", "name"),
                bad("{\"name\":\"A\",\"name\":\"B\",\"tier\":\"free\"}", "duplicate_field", "name"),
                bad("{\"name\":\"A\",\"tier\":\"free\",\"owner\":\"me\"}", "unknown_field", "owner"),
                bad("{\"name\":\"A\",\"tier\":\"gold\"}", "invalid_field", "tier"),
                bad("{\"name\":\"A\",\"tier\":\"free\",\"status\":\"gone\"}", "invalid_field", "status"),
                bad("{\"name\":\"\",\"tier\":\"free\"}", "invalid_field", "name"));
    }

    @Test
    void refusesTenantIdsThatAreNone() {
        assertProblem(
                call("PUT", "/api/v1/tenants/Acme", ADMIN_KEY, Map.of("name", "A", "tier", "free")),
                400,
                "invalid_path",
                "id");
    }

    @Test
    void refusesAKeyForATenantThatIsNot() {
        assertProblem(
                call(
                        "POST",
                        "/api/v1/keys",
                        ADMIN_KEY,
                        Map.of("tenant", "nobody", "name", "n", "environment", "live", "scopes", List.of("admin"))),
                400,
                "invalid_field",
                "tenant");
    }

    @Test
    void writesDownWhoDidIt() {
        putTenant(tenant);
        assertThat(auditLog()).anySatisfy(entry -> {
            assertThat(entry.getAction()).isEqualTo("tenant.put");
            assertThat(entry.getResource()).isEqualTo("tenant/" + tenant);
            assertThat(entry.getActor()).isEqualTo("BootstrapAdmin00");
        });
    }

    private List<AuditEntry> auditLog() {
        TopicPartition partition = new TopicPartition(Topics.AUDIT.name(), 0);
        try (Consumer<String, AuditEntry> consumer = kafka.newConsumer(
                "audit-test", null, RecordSerde.of(Topics.AUDIT).deserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<AuditEntry> entries = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> entries.add(record.value()));
            }
            return entries;
        }
    }

    private static Arguments bad(String body, String code, String field) {
        return Arguments.of(body, code, field);
    }

    private void putTenant(String id) {
        EntityExchangeResult<byte[]> answer =
                call("PUT", "/api/v1/tenants/" + id, ADMIN_KEY, Map.of("name", "Test", "tier", "free"));
        assertThat(answer.getStatus().value()).isEqualTo(201);
    }

    private JsonNode create(String environment, List<String> scopes) {
        EntityExchangeResult<byte[]> answer = call(
                "POST",
                "/api/v1/keys",
                ADMIN_KEY,
                Map.of("tenant", tenant, "name", "test", "environment", environment, "scopes", scopes));
        assertThat(answer.getStatus().value()).isEqualTo(201);
        assertThat(answer.getResponseHeaders().getFirst("Cache-Control")).isEqualTo("no-store");
        return json(answer);
    }

    private int status(String method, String path, String key) {
        return call(method, path, key, null).getStatus().value();
    }

    private EntityExchangeResult<byte[]> call(String method, String path, String key, @Nullable Object body) {
        WebTestClient.RequestBodySpec request =
                client().method(HttpMethod.valueOf(method)).uri(path).header("Authorization", "Bearer " + key);
        if (body != null) {
            byte[] bytes =
                    body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(bytes);
        }
        return request.exchange().expectBody().returnResult();
    }

    private static void assertProblem(EntityExchangeResult<byte[]> answer, int status, String code, String field) {
        assertThat(answer.getStatus().value()).isEqualTo(status);
        assertThat(answer.getResponseHeaders().getContentType()).hasToString("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("field").asString()).isEqualTo(field);
        assertThat(problem.path("detail").asString()).isNotBlank();
    }

    private static JsonNode json(EntityExchangeResult<byte[]> answer) {
        return JSON.readTree(answer.getResponseBodyContent());
    }

    private WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }
}
