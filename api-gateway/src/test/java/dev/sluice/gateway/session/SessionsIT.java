package dev.sluice.gateway.session;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.whole.WholeGatewayTest;
import dev.sluice.platform.test.IsolatedRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway: sessions are made, used, listed and ended over HTTP. */
@WholeGatewayTest
class SessionsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SESSIONS = "/api/v1/sessions";
    private static final String INTROSPECT = SESSIONS + "/introspect";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    private IsolatedRedis redis;

    @Value("${local.server.port}")
    private int port;

    private String key = "";

    private record Answer(int status, JsonNode body, HttpHeaders headers) {}

    @BeforeEach
    void makeKey() {
        key = newKey("sessions:read", "sessions:write");
    }

    @Test
    void showsTheTokenOnceAndFindsTheSessionByItAfter() {
        Answer made = create(Map.of("user", "ada", "attributes", Map.of("cart", List.of(1, "ä")), "idleSeconds", 600));
        assertThat(made.status).isEqualTo(201);
        assertThat(made.headers.getFirst("Cache-Control")).isEqualTo("no-store");
        String token = made.body.path("token").asString();
        String id = made.body.path("session").path("id").asString();
        assertThat(token).startsWith("sls_" + id + "_").hasSize(97);
        assertThat(made.headers.getFirst("Location")).isEqualTo(SESSIONS + "/" + id);

        JsonNode seen = introspect(token).body;
        assertThat(seen.path("active").asBoolean()).isTrue();
        assertThat(seen.path("session").path("user").asString()).isEqualTo("ada");
        assertThat(seen.path("session").path("attributes")).hasToString("{\"cart\":[1,\"ä\"]}");
        JsonNode shown = ask(key, "GET", SESSIONS + "/" + id, null).body;
        assertThat(shown).hasToString(seen.path("session").toString());
        assertThat(shown.toString()).doesNotContain(token.substring(54));
        assertThat(time(shown, "expiresAt")).isEqualTo(time(shown, "lastSeenAt").plusSeconds(600));
        assertThat(time(shown, "endsAt")).isEqualTo(time(shown, "createdAt").plus(Duration.ofHours(12)));
    }

    @Test
    void aUsePutsTheEndOff() {
        JsonNode made = create(Map.of("user", "ada")).body;
        String id = made.path("session").path("id").asString();
        Instant first = time(made.path("session"), "expiresAt");
        await().atMost(PATIENCE)
                .until(() -> time(ask(key, "POST", SESSIONS + "/" + id + "/touch", null).body, "expiresAt")
                        .isAfter(first));
        Instant second = time(ask(key, "GET", SESSIONS + "/" + id, null).body, "expiresAt");
        assertThat(time(introspect(made.path("token").asString()).body.path("session"), "expiresAt"))
                .as("to look is no use")
                .isEqualTo(second);
        await().atMost(PATIENCE)
                .until(() -> time(
                                ask(
                                                key,
                                                "POST",
                                                INTROSPECT,
                                                Map.of(
                                                        "token",
                                                        made.path("token").asString(),
                                                        "touch",
                                                        true))
                                        .body
                                        .path("session"),
                                "expiresAt")
                        .isAfter(second));
    }

    @Test
    void isOverOnceItWasNotUsedForSoLong() {
        JsonNode made = create(Map.of("user", "ada", "idleSeconds", 1)).body;
        await().atMost(PATIENCE)
                .until(() -> !introspect(made.path("token").asString())
                        .body
                        .path("active")
                        .asBoolean());
        assertThat(ask(key, "GET", pathOf(made), null).status).isEqualTo(404);
    }

    @Test
    void theOldestEndsWhenAUserHasTooMany() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(create(Map.of("user", "ada"))
                    .body
                    .path("session")
                    .path("id")
                    .asString());
        }
        JsonNode fourth = create(Map.of("user", "ada")).body;
        assertThat(fourth.path("ended").size()).isEqualTo(1);
        assertThat(ids).contains(fourth.path("ended").path(0).asString());
        JsonNode listed = ask(key, "GET", SESSIONS + "?user=ada", null).body;
        assertThat(listed.path("data").size()).isEqualTo(3);
        assertThat(create(Map.of("user", "bob")).body.path("ended").size()).isZero();
    }

    @Test
    void pagesThroughTheSessionsOfAUser() {
        for (int i = 0; i < 3; i++) {
            assertThat(create(Map.of("user", "ada")).status).isEqualTo(201);
        }
        JsonNode first = ask(key, "GET", SESSIONS + "?user=ada&limit=2", null).body;
        assertThat(first.path("data").size()).isEqualTo(2);
        JsonNode second = ask(
                        key,
                        "GET",
                        SESSIONS + "?user=ada&limit=2&cursor="
                                + first.path("nextCursor").asString(),
                        null)
                .body;
        assertThat(second.path("data").size()).isEqualTo(1);
        assertThat(second.path("nextCursor").isNull()).isTrue();
    }

    @Test
    void endsOneOrAll() {
        JsonNode one = create(Map.of("user", "ada")).body;
        JsonNode other = create(Map.of("user", "ada")).body;
        JsonNode bobs = create(Map.of("user", "bob")).body;
        assertThat(ask(key, "DELETE", pathOf(one), null).status).isEqualTo(204);
        assertThat(ask(key, "DELETE", pathOf(one), null).status).isEqualTo(404);
        assertThat(isActive(one)).isFalse();
        assertThat(isActive(other)).isTrue();
        Answer all = ask(key, "DELETE", SESSIONS + "?user=ada", null);
        assertThat(all.status).isEqualTo(200);
        assertThat(all.body.path("revoked").asInt()).isEqualTo(1);
        assertThat(isActive(other)).isFalse();
        assertThat(isActive(bobs)).isTrue();
    }

    @Test
    void anotherTenantsSessionAnswersAsOneThatIsNotThere() {
        JsonNode made = create(Map.of("user", "ada")).body;
        String stranger = newKey("sessions:read", "sessions:write");
        String unknown = SESSIONS + "/" + "0".repeat(32) + "_" + "0".repeat(16);
        for (String method : List.of("GET", "DELETE")) {
            Answer theirs = ask(stranger, method, pathOf(made), null);
            Answer none = ask(stranger, method, unknown, null);
            assertThat(theirs.status).isEqualTo(404);
            assertThat(withoutId(theirs)).isEqualTo(withoutId(none));
        }
        assertThat(ask(stranger, "POST", pathOf(made) + "/touch", null).status).isEqualTo(404);
        assertThat(ask(
                                stranger,
                                "POST",
                                INTROSPECT,
                                Map.of("token", made.path("token").asString()))
                        .body)
                .hasToString("{\"active\":false}");
        assertThat(ask(stranger, "GET", SESSIONS + "?user=ada", null)
                        .body
                        .path("data")
                        .size())
                .isZero();
        assertThat(ask(stranger, "DELETE", SESSIONS + "?user=ada", null)
                        .body
                        .path("revoked")
                        .asInt())
                .isZero();
        assertThat(isActive(made)).isTrue();
    }

    @Test
    void needsTheScopesOfSessions() {
        String tenant = newTenant();
        String reader = keyOf(tenant, "sessions:read");
        key = keyOf(tenant, "sessions:write");
        JsonNode made = create(Map.of("user", "ada")).body;
        assertThat(ask(reader, "GET", pathOf(made), null).status).isEqualTo(200);
        assertThat(ask(reader, "POST", SESSIONS, Map.of("user", "ada")).status).isEqualTo(403);
        assertThat(ask(reader, "DELETE", pathOf(made), null).status).isEqualTo(403);
        Map<String, Object> question = Map.of("token", made.path("token").asString());
        assertThat(ask(reader, "POST", INTROSPECT, question).status).isEqualTo(200);
        Map<String, Object> use = Map.of("token", made.path("token").asString(), "touch", true);
        assertThat(ask(reader, "POST", INTROSPECT, use).status).isEqualTo(403);
        assertThat(ask(keyOf(tenant, "cache:read"), "GET", pathOf(made), null).status)
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|missing_field|user",
                "{\"user\":\"\"}|invalid_field|user",
                "{\"user\":\"a b\"}|invalid_field|user",
                "{\"user\":\"ada\",\"attributes\":[]}|wrong_type|attributes",
                "{\"user\":\"ada\",\"idleSeconds\":0}|number_out_of_range|idleSeconds",
                "{\"user\":\"ada\",\"lifeSeconds\":2592001}|number_out_of_range|lifeSeconds",
                "{\"user\":\"ada\",\"lifeSeconds\":60,\"idleSeconds\":61}|number_out_of_range|idleSeconds",
                "{\"user\":\"ada\",\"token\":\"x\"}|unknown_field|token"
            })
    void refusesWhatNoSessionCanBe(String body, String code, String field) {
        Answer answer = ask(key, "POST", SESSIONS, body);
        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.body.path("code").asString()).isEqualTo(code);
        assertThat(answer.body.path("field").asString()).isEqualTo(field);
    }

    @Test
    void boundsTheAttributes() {
        assertThat(create(Map.of("user", "ada", "attributes", Map.of("a", "x".repeat(4_088)))).status)
                .isEqualTo(201);
        assertThat(create(Map.of("user", "ada", "attributes", Map.of("a", "x".repeat(4_089))))
                        .body
                        .path("field"))
                .hasToString("\"attributes\"");
        assertThat(ask(key, "GET", SESSIONS, null).body.path("field")).hasToString("\"user\"");
    }

    @Test
    void says503WhileRedisIsAway() {
        JsonNode made = create(Map.of("user", "ada")).body;
        redis.pause();
        try {
            for (Answer answer : List.of(
                    introspect(made.path("token").asString()),
                    create(Map.of("user", "ada")),
                    ask(key, "GET", pathOf(made), null),
                    ask(key, "DELETE", SESSIONS + "?user=ada", null))) {
                assertThat(answer.status).isEqualTo(503);
                assertThat(answer.headers.getFirst("Retry-After")).isEqualTo("1");
                assertThat(answer.body.path("code").asString()).isEqualTo("unavailable");
            }
        } finally {
            redis.resume();
        }
        await().atMost(PATIENCE).until(() -> create(Map.of("user", "bob")).status == 201);
    }

    private Answer create(Map<String, Object> body) {
        return ask(key, "POST", SESSIONS, body);
    }

    private Answer introspect(String token) {
        return ask(key, "POST", INTROSPECT, Map.of("token", token));
    }

    private boolean isActive(JsonNode made) {
        return introspect(made.path("token").asString()).body.path("active").asBoolean();
    }

    private static String pathOf(JsonNode made) {
        return SESSIONS + "/" + made.path("session").path("id").asString();
    }

    private static Instant time(JsonNode session, String field) {
        return Instant.parse(session.path(field).asString());
    }

    private static String withoutId(Answer answer) {
        return answer.body.toString().replaceAll("\"requestId\":\"[^\"]*\"", "");
    }

    private String newKey(String... scopes) {
        return keyOf(newTenant(), scopes);
    }

    private String newTenant() {
        String tenant = "tenant-" + UUID.randomUUID();
        assertThat(ask(ADMIN_KEY, "PUT", "/api/v1/tenants/" + tenant, Map.of("name", "T", "tier", "unlimited")).status)
                .isEqualTo(201);
        return tenant;
    }

    private String keyOf(String tenant, String... scopes) {
        Answer made = ask(
                ADMIN_KEY,
                "POST",
                "/api/v1/keys",
                Map.of("tenant", tenant, "name", "a", "environment", "test", "scopes", List.of(scopes)));
        assertThat(made.status).as(made.body.toString()).isEqualTo(201);
        return made.body.path("key").asString();
    }

    private Answer ask(String as, String method, String path, @Nullable Object body) {
        WebTestClient.RequestBodySpec request = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build()
                .method(HttpMethod.valueOf(method))
                .uri(path)
                .header("Authorization", "Bearer " + as);
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(
                            body instanceof String text
                                    ? text.getBytes(StandardCharsets.UTF_8)
                                    : JSON.writeValueAsBytes(body));
        }
        EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
        byte[] bytes = result.getResponseBody();
        JsonNode tree = bytes == null || bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        return new Answer(result.getStatus().value(), tree, result.getResponseHeaders());
    }
}
