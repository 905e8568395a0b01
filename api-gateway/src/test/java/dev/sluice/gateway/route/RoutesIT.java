package dev.sluice.gateway.route;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.whole.WholeGatewayTest;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The whole gateway on a real broker: routes are put, replaced, matched and deleted over HTTP. */
@WholeGatewayTest
class RoutesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ROUTES = "/api/v1/routes";

    @Value("${local.server.port}")
    private int port;

    @Value("${local.management.port}")
    private int managementPort;

    @Autowired
    private RouteTable table;

    @Autowired
    private Routes routes;

    @Autowired
    private KafkaClients kafka;

    @Test
    void aRouteIsMadeShownReplacedAndDeleted() {
        EntityExchangeResult<byte[]> made = put("shop", document("/shop/**"), Map.of("If-None-Match", "*"));
        assertThat(made.getStatus().value()).isEqualTo(201);
        assertThat(made.getResponseHeaders().getLocation()).hasToString(ROUTES + "/shop");
        String tag = tag(made);

        EntityExchangeResult<byte[]> shown = call("GET", ROUTES + "/shop", null, Map.of());
        assertThat(tag(shown)).isEqualTo(tag);
        assertThat(json(shown).path("source").asString()).isEqualTo("api");
        JsonNode terms = json(shown).path("route");
        assertThat(terms.path("timeouts").path("firstByte").asString()).isEqualTo("30s");

        EntityExchangeResult<byte[]> again = put("shop", terms, Map.of("If-Match", tag));
        assertThat(again.getStatus().value()).isEqualTo(200);
        assertThat(tag(again)).isNotEqualTo(tag);
        assertProblem(put("shop", terms, Map.of("If-Match", tag)), 412, "precondition_failed", "If-Match");
        assertProblem(put("shop", terms, Map.of("If-None-Match", "*")), 412, "precondition_failed", "If-None-Match");
        assertProblem(
                call("DELETE", ROUTES + "/shop", null, Map.of("If-Match", tag)),
                412,
                "precondition_failed",
                "If-Match");

        assertThat(status("DELETE", ROUTES + "/shop")).isEqualTo(204);
        assertThat(status("GET", ROUTES + "/shop")).isEqualTo(404);
        assertThat(status("DELETE", ROUTES + "/shop")).isEqualTo(404);
    }

    @Test
    void routesArePaged() {
        for (String id : List.of("page-a", "page-b", "page-c")) {
            put(id, document("/" + id), Map.of());
        }
        JsonNode first = json(call("GET", ROUTES + "?limit=2&cursor=page-", null, Map.of()));
        assertThat(first.path("data").size()).isEqualTo(2);
        assertThat(first.path("nextCursor").asString()).isEqualTo("page-b");
        JsonNode second = json(call("GET", ROUTES + "?limit=1&cursor=page-b", null, Map.of()));
        assertThat(second.path("data").path(0).path("id").asString()).isEqualTo("page-c");
    }

    @Test
    void allThatIsWrongWithARouteIsTold() {
        Map<String, Object> document = new HashMap<>(document("/api/v1/x"));
        document.put("colour", "red");
        document.put("timeouts", Map.of("connect", 5));
        document.put("requestHeaders", Map.of("set", Map.of("Host", "x")));
        EntityExchangeResult<byte[]> answer = put("bad", document, Map.of());
        assertThat(answer.getStatus().value()).isEqualTo(400);
        assertThat(json(answer)
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .containsExactlyInAnyOrder("colour", "timeouts.connect", "match.path", "requestHeaders.set.Host");
        assertProblem(put("Bad", document("/x"), Map.of()), 400, "invalid_path", "id");
        assertProblem(call("PUT", ROUTES + "/bad", "{", Map.of()), 400, "invalid_json", "body");
        assertProblem(put("bad", Map.of(), Map.of()), 400, "missing_field", "match.path");
    }

    @Test
    void twoRoutesForTheSameRequestsAreRefused() {
        assertThat(put("first", document("/same/{a}"), Map.of()).getStatus().value())
                .isEqualTo(201);
        assertProblem(put("second", document("/same/{b}"), Map.of()), 409, "conflict", "match");
    }

    @Test
    void aRequestIsLetInOnTheTermsOfItsRoute() {
        Map<String, Object> open = new HashMap<>(document("/open/**"));
        open.put("access", "anonymous");
        put("open", open, Map.of());
        Map<String, Object> closed = new HashMap<>(document("/closed"));
        closed.put("match", Map.of("path", "/closed", "methods", List.of("GET", "PUT")));
        put("closed", closed, Map.of());
        assertThat(statusWithoutKey("/open/x")).isNotEqualTo(401);
        assertThat(statusWithoutKey("/closed")).isEqualTo(401);
        assertThat(statusWithoutKey("/opener")).isEqualTo(401);
        EntityExchangeResult<byte[]> answer = call("POST", "/closed", null, Map.of());
        assertProblem(answer, 405, "method_not_allowed", "method");
        assertThat(answer.getResponseHeaders().getFirst(HttpHeaders.ALLOW)).isEqualTo("GET, PUT");
    }

    @Test
    void tellsWhichRouteARequestWouldHave() {
        put("match-user", document("/match/{id}"), Map.of());
        JsonNode answer = ask(Map.of("method", "GET", "path", "/match/a%20b", "host", "x.test"));
        assertThat(answer.path("route").asString()).isEqualTo("match-user");
        assertThat(answer.path("variables").path("id").asString()).isEqualTo("a b");
        assertThat(answer.path("matchedPath").asString()).isEqualTo("/match/{id}");
        assertThat(ask(Map.of("method", "GET", "path", "/api/v1/keys"))
                        .path("reason")
                        .asString())
                .contains("the platform's own");
        assertProblem(
                call("POST", ROUTES + "/match", Map.of("method", "GET", "path", "/a%2fb"), Map.of()),
                400,
                "invalid_field",
                "path");
    }

    @Test
    void hostileBytesLeaveTheRouteAsItWas() throws Exception {
        put("hostile", document("/hostile"), Map.of());
        long unreadable = table.unreadable();
        try (Producer<String, byte[]> producer = kafka.newProducer("hostile", new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.ROUTES.name(), "hostile", "no record".getBytes(StandardCharsets.UTF_8)))
                    .get(30, SECONDS);
        }
        await().atMost(PATIENCE).until(() -> table.unreadable() == unreadable + 1);
        assertThat(status("GET", ROUTES + "/hostile")).isEqualTo(200);
        JsonNode health = json(client(managementPort)
                .get()
                .uri("/actuator/health")
                .exchange()
                .expectBody()
                .returnResult());
        JsonNode details = health.path("components").path("routes").path("details");
        assertThat(details.path("unreadableRecords").asLong()).isPositive();
        assertThat(details.path("setAside").isObject()).isTrue();
        assertThat(put("hostile", document("/hostile"), Map.of()).getStatus().value())
                .isEqualTo(200);
    }

    @Test
    void aCredentialIsShownToNobodyAndKeptWhenItsMaskComesBack() {
        Map<String, Object> document = new HashMap<>(document("/sealed"));
        document.put("requestHeaders", Map.of("set", Map.of("X-Shop-Key", "open-sesame", "X-Plain", "seen")));
        document.put(
                "match",
                Map.of("path", "/sealed", "headers", List.of(Map.of("name", "X-Caller-Key", "value", "knock-knock"))));
        EntityExchangeResult<byte[]> made = put("sealed", document, Map.of());
        assertThat(made.getStatus().value()).isEqualTo(201);
        JsonNode terms = json(made).path("route");
        assertThat(terms.path("requestHeaders").path("set").toString())
                .isEqualTo("{\"X-Plain\":\"seen\",\"X-Shop-Key\":\"***\"}");
        assertThat(terms.path("match").path("headers").toString())
                .isEqualTo("[{\"name\":\"X-Caller-Key\",\"value\":\"***\"}]");
        assertThat(put("sealed", terms, Map.of()).getStatus().value()).isEqualTo(200);
        assertThat(routes.all()).hasEntrySatisfying("sealed", route -> {
            assertThat(route.requestHeaders().set()).containsEntry("X-Shop-Key", "open-sesame");
            assertThat(route.match().headers())
                    .containsExactly(new HeaderTest("X-Caller-Key", Optional.of("knock-knock")));
        });
        assertThat(table.findVersioned("sealed").orElseThrow().value().toString())
                .contains("X-Shop-Key", "seen")
                .doesNotContain("open-sesame", "knock-knock");
        assertProblem(
                put("unsealed", withPath(terms, "/unsealed"), Map.of()),
                400,
                "invalid_field",
                "requestHeaders.set.X-Shop-Key");
    }

    private static JsonNode withPath(JsonNode terms, String path) {
        ObjectNode changed = (ObjectNode) terms.deepCopy();
        ((ObjectNode) changed.get("match")).put("path", path);
        return changed;
    }

    private static Map<String, Object> document(String path) {
        return TestRoutes.document(path);
    }

    private JsonNode ask(Map<String, String> question) {
        EntityExchangeResult<byte[]> answer = call("POST", ROUTES + "/match", question, Map.of());
        assertThat(answer.getStatus().value()).isEqualTo(200);
        return json(answer);
    }

    private EntityExchangeResult<byte[]> put(String id, Object document, Map<String, String> headers) {
        return call("PUT", ROUTES + "/" + id, document, headers);
    }

    private int status(String method, String path) {
        return call(method, path, null, Map.of()).getStatus().value();
    }

    private int statusWithoutKey(String path) {
        return client(port)
                .get()
                .uri(path)
                .exchange()
                .expectBody()
                .returnResult()
                .getStatus()
                .value();
    }

    private EntityExchangeResult<byte[]> call(
            String method, String path, @Nullable Object body, Map<String, String> headers) {
        WebTestClient.RequestBodySpec request = client(port)
                .method(HttpMethod.valueOf(method))
                .uri(path)
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .headers(more -> headers.forEach(more::add));
        if (body != null) {
            byte[] bytes =
                    body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(bytes);
        }
        return request.exchange().expectBody().returnResult();
    }

    private static String tag(EntityExchangeResult<byte[]> answer) {
        String tag = answer.getResponseHeaders().getETag();
        assertThat(tag).isNotBlank();
        return tag == null ? "" : tag;
    }

    private static void assertProblem(EntityExchangeResult<byte[]> answer, int status, String code, String field) {
        assertThat(answer.getStatus().value()).isEqualTo(status);
        JsonNode problem = json(answer);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("field").asString()).isEqualTo(field);
        assertThat(problem.path("detail").asString()).isNotBlank();
    }

    private static JsonNode json(EntityExchangeResult<byte[]> answer) {
        return JSON.readTree(answer.getResponseBodyContent());
    }

    private static WebTestClient client(int port) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build();
    }
}
