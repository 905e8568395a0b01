package dev.sluice.gateway.tier;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.whole.WholeGatewayTest;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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

/** The whole gateway on a real broker and a real Redis: tiers, overrides, checks and events of quotas over HTTP. */
@WholeGatewayTest
class LimitsApiIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TIER = """
            {"description": "For tests.", "limits": [
              {"name": "rate", "group": "*", "window": "second", "quota": 1000, "burst": 1000},
              {"name": "charts-month", "group": "charts", "window": "month", "quota": 10}]}
            """;

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private KafkaClients kafka;

    private record Answer(int status, HttpHeaders headers, JsonNode body) {}

    @Test
    void aTierIsMadeUsedChangedAndDeleted() {
        Answer made = ask(ADMIN_KEY, "PUT", "/api/v1/tiers/made", TIER, Map.of("If-None-Match", "*"));
        assertThat(made.status()).isEqualTo(201);
        String tag = Objects.requireNonNull(made.headers().getETag());
        assertThat(ask(ADMIN_KEY, "GET", "/api/v1/tiers/made", null, Map.of())
                        .headers()
                        .getETag())
                .isEqualTo(tag);
        String key = keyOf("uses-made", "{\"name\":\"T\",\"tier\":\"made\"}", "\"metrics:read\"", "");
        assertThat(quota(key, "charts-month")).isEqualTo(10);

        Answer changed =
                ask(ADMIN_KEY, "PUT", "/api/v1/tiers/made", TIER.replace("10}", "20}"), Map.of("If-Match", tag));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(quota(key, "charts-month")).isEqualTo(20);
        assertProblem(ask(ADMIN_KEY, "PUT", "/api/v1/tiers/made", TIER, Map.of("If-Match", tag)), 412, "If-Match");
        assertProblem(
                ask(ADMIN_KEY, "PUT", "/api/v1/tiers/made", TIER.replace("\"month\"", "\"week\""), Map.of()),
                400,
                "limits[1].window");
        assertThat(ask(key, "PUT", "/api/v1/tiers/made", TIER, Map.of()).status())
                .isEqualTo(403);

        assertThat(ask(ADMIN_KEY, "DELETE", "/api/v1/tiers/made", null, Map.of())
                        .status())
                .isEqualTo(409);
        ask(ADMIN_KEY, "PUT", "/api/v1/tenants/uses-made", "{\"name\":\"T\",\"tier\":\"free\"}", Map.of());
        assertThat(ask(ADMIN_KEY, "DELETE", "/api/v1/tiers/made", null, Map.of())
                        .status())
                .isEqualTo(204);
        assertThat(ask(ADMIN_KEY, "GET", "/api/v1/tiers/made", null, Map.of()).status())
                .isEqualTo(404);
        assertThat(ask(ADMIN_KEY, "DELETE", "/api/v1/tiers/free", null, Map.of())
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aTenantsLimitsComeBeforeTheTiersAndAKeysBeforeBoth() {
        String tenant = """
                {"name": "T", "tier": "free",
                 "limits": [{"name": "readings-day", "group": "readings", "window": "day", "quota": 12}]}
                """;
        String plain = keyOf("overridden", tenant, "\"metrics:read\"", "");
        String small = keyOf(
                "overridden",
                tenant,
                "\"metrics:read\"",
                ",\"limits\":[{\"name\":\"readings-day\",\"group\":\"readings\",\"window\":\"day\",\"quota\":2}]");
        assertThat(quota(plain, "readings-day")).isEqualTo(12);
        assertThat(quota(small, "readings-day")).isEqualTo(2);
        assertThat(quota(plain, "charts-day")).isEqualTo(50);

        assertThat(check(small, "{\"group\":\"readings\",\"cost\":2}")
                        .path("admitted")
                        .asBoolean())
                .isTrue();
        assertThat(check(small, "{\"group\":\"readings\"}").path("admitted").asBoolean())
                .isFalse();
        assertThat(check(plain, "{\"group\":\"readings\"}").path("admitted").asBoolean())
                .isTrue();
        assertProblem(
                ask(ADMIN_KEY, "PUT", "/api/v1/tenants/overridden", tenant.replace("12", "0"), Map.of()),
                400,
                "limits[0].quota");
        ask(ADMIN_KEY, "PUT", "/api/v1/tenants/overridden", "{\"name\":\"T\",\"tier\":\"free\"}", Map.of());
        assertThat(quota(plain, "readings-day")).isEqualTo(10);
    }

    @Test
    void aServiceOutsideTheProxyAsksForOthers() {
        keyOf("asked-for", "{\"name\":\"T\",\"tier\":\"basic\"}", "\"metrics:read\"", "");
        String service = keyOf("asks", "{\"name\":\"T\",\"tier\":\"unlimited\"}", "\"limits:check\"", "");
        String stranger = keyOf("stranger", "{\"name\":\"T\",\"tier\":\"unlimited\"}", "\"metrics:read\"", "");
        String item = "{\"tenant\":\"asked-for\",\"limit\":\"charts-day\",\"cost\":150}";
        assertThat(check(stranger, item).path("error").path("code").asString()).isEqualTo("forbidden");
        assertThat(check(service, item).path("admitted").asBoolean()).isTrue();
        JsonNode refused = check(service, item);
        assertThat(refused.path("admitted").asBoolean()).isFalse();
        assertThat(refused.path("violatedPolicies").get(0).asString()).isEqualTo("charts-day");
        assertThat(refused.path("retryAfterSeconds").asLong()).isPositive();
        assertThat(refused.path("limits").get(0).path("remaining").asLong()).isEqualTo(50);
        assertProblem(ask(service, "POST", "/api/v1/limits/check", "{\"items\":[]}", Map.of()), 400, "items");
    }

    @Test
    void aQuotaThatRunsOutIsToldOnceByEvents() throws Exception {
        ask(ADMIN_KEY, "PUT", "/api/v1/tiers/told", TIER, Map.of());
        String key = keyOf("told", "{\"name\":\"T\",\"tier\":\"told\"}", "\"metrics:read\"", "");
        for (int i = 0; i < 12; i++) {
            check(key, "{\"group\":\"charts\"}");
        }
        List<DomainEvent> events = eventsOf("told", 2);
        assertThat(events).extracting(DomainEvent::getType).containsExactly("quota.warning", "quota.exhausted");
        DomainEvent exhausted = events.getLast();
        JsonNode data = JSON.readTree(StandardCharsets.UTF_8
                .decode(Objects.requireNonNull(exhausted.getData()))
                .toString());
        assertThat(data.path("limit").asString()).isEqualTo("charts-month");
        assertThat(data.path("quota").asLong()).isEqualTo(10);
        assertThat(data.path("used").asLong()).isEqualTo(10);
        assertThat(exhausted.getSubject()).isEqualTo("limits/charts-month");
    }

    @Test
    void callersWithoutAKeyAreHeldToTheLimitsOfTheirAddress() {
        Answer page = ask("", "GET", "/schema-registry/subjects", null, Map.of());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().getFirst("RateLimit-Policy")).isEqualTo("\"rate\";q=50;w=1;sluice-burst=200");
    }

    /** Puts the tenant and makes a key of it. */
    private String keyOf(String tenant, String document, String scopes, String more) {
        assertThat(ask(ADMIN_KEY, "PUT", "/api/v1/tenants/" + tenant, document, Map.of())
                        .status())
                .isIn(200, 201);
        String key = "{\"tenant\":\"" + tenant + "\",\"name\":\"test\",\"environment\":\"live\",\"scopes\":[" + scopes
                + "]" + more + "}";
        Answer made = ask(ADMIN_KEY, "POST", "/api/v1/keys", key, Map.of());
        assertThat(made.status()).isEqualTo(201);
        return made.body().path("key").asString();
    }

    private long quota(String key, String limit) {
        for (JsonNode one :
                ask(key, "GET", "/api/v1/limits", null, Map.of()).body().path("limits")) {
            if (one.path("name").asString().equals(limit)) {
                return one.path("quota").asLong();
            }
        }
        return -1;
    }

    private JsonNode check(String key, String item) {
        Answer answer = ask(key, "POST", "/api/v1/limits/check", "{\"items\":[" + item + "]}", Map.of());
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().path("items").get(0);
    }

    private List<DomainEvent> eventsOf(String tenant, int count) throws Exception {
        RecordDecoder<DomainEvent> decoder = RecordDecoder.of(DomainEvent.class);
        List<DomainEvent> events = new ArrayList<>();
        try (Consumer<String, byte[]> consumer =
                kafka.newConsumer("limits-api-it", null, new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.EVENTS.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(60, SECONDS).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    DomainEvent event = decoder.decode(record.value());
                    if (event.getTenant().equals(tenant)) {
                        events.add(event);
                    }
                });
                return events.size() >= count;
            });
        }
        return events;
    }

    private static void assertProblem(Answer answer, int status, String field) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("field").asString()).isEqualTo(field);
    }

    private Answer ask(String key, String method, String path, @Nullable String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        if (!key.isEmpty()) {
            all.put("Authorization", "Bearer " + key);
        }
        WebTestClient.RequestBodySpec request = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build()
                .method(HttpMethod.valueOf(method))
                .uri(path)
                .headers(to -> all.forEach(to::set));
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body.getBytes(StandardCharsets.UTF_8));
        }
        EntityExchangeResult<byte[]> result = request.exchange().expectBody().returnResult();
        byte[] bytes = result.getResponseBody();
        JsonNode tree = bytes == null || bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        return new Answer(result.getStatus().value(), result.getResponseHeaders(), tree);
    }
}
