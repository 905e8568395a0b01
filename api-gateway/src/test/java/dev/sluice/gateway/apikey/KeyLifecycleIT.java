package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ApiGatewayApplication;
import dev.sluice.gateway.apikey.Gateway.Answer;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.AuditEntry;
import dev.sluice.record.GatewayHeartbeat;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole gateway on a real broker: keys are changed, rolled, revoked and purged over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class KeyLifecycleIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ApiKeyTable keys;

    @Autowired
    private KafkaClients kafka;

    @Autowired
    private RecordPublishers publishers;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private ReactiveStringRedisTemplate redis;

    private final String tenant = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("spring.data.redis.host", () -> LocalRedis.shared().host());
        registry.add("spring.data.redis.port", () -> LocalRedis.shared().port());
        registry.add("sluice.kafka.max-partitions", () -> 1);
        registry.add("sluice.internal.secret", () -> "an internal secret of enough bytes for tests");
        registry.add("sluice.gateway.api-key.bootstrap-admin", () -> ADMIN_KEY);
        registry.add("sluice.gateway.api-key.last-used-interval", () -> "200ms");
        registry.add("management.server.port", () -> 0);
    }

    @BeforeEach
    void awaitKeys() {
        await().atMost(PATIENCE).until(keys::ready);
        gateway().putTenant(tenant);
    }

    @Test
    void changesWhatAKeyMayDo() {
        JsonNode made = gateway().createKey(tenant);
        String path = path(made);
        String key = made.path("key").asString();
        assertThat(gateway()
                        .askAs(key, "GET", "/api/v1/tenants", "application/json", null)
                        .status())
                .isEqualTo(403);
        Answer changed = gateway().patch(path, "{\"scopes\":[\"admin\"],\"expiresAt\":\"2033-01-01T00:00:00Z\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body().path("name").asString()).isEqualTo("test");
        assertThat(changed.body().path("expiresAt").asString()).isEqualTo("2033-01-01T00:00:00Z");
        assertThat(gateway()
                        .askAs(key, "GET", "/api/v1/tenants", "application/json", null)
                        .status())
                .isEqualTo(200);
        Answer cleared = gateway().patch(path, "{\"expiresAt\":null}");
        assertThat(cleared.body().has("expiresAt")).isFalse();
        assertThat(gateway()
                        .ask("PATCH", path, "{\"name\":\"plain JSON will do\"}")
                        .status())
                .isEqualTo(200);

        assertProblem(gateway().patch(path, "{\"scopes\":[\"root\"]}"), 400, "scopes[0]");
        assertProblem(gateway().patch(path, "{\"tenant\":\"other\"}"), 400, "tenant");
        assertProblem(gateway().patch(path + "?name=x", "{}"), 400, "query");
        assertThat(gateway().patch("/api/v1/keys/NobodysKey000000", "{}").status())
                .isEqualTo(404);
        assertThat(gateway().askAs(ADMIN_KEY, "PATCH", path, "text/plain", "{}").status())
                .isEqualTo(415);
    }

    @Test
    void rollsAKeyWithAnOverlap() {
        JsonNode old = gateway().createKey(tenant);
        Answer rolled = gateway().ask("POST", path(old) + "/roll", null);
        assertThat(rolled.status()).isEqualTo(201);
        JsonNode successor = rolled.body();
        assertThat(successor.path("predecessor").path("id").asString())
                .isEqualTo(old.path("id").asString());
        assertThat(gateway().statusOf(old.path("key").asString())).isEqualTo(404);
        assertThat(gateway().statusOf(successor.path("key").asString())).isEqualTo(404);
        JsonNode shown = gateway().ask("GET", path(old), null).body();
        assertThat(shown.path("rolledTo").asString())
                .isEqualTo(successor.path("id").asString());
        assertThat(shown.path("expiresAt").asString())
                .isEqualTo(successor.path("predecessor").path("expiresAt").asString());

        Answer last = gateway().ask("POST", path(successor) + "/roll", "{\"overlap\":\"PT0S\"}");
        assertThat(last.status()).isEqualTo(201);
        assertThat(gateway().statusOf(successor.path("key").asString())).isEqualTo(401);
        assertThat(gateway().statusOf(last.body().path("key").asString())).isEqualTo(404);

        assertThat(gateway().ask("POST", path(old) + "/roll", null).status())
                .as("it has a successor")
                .isEqualTo(409);
        String path = path(last.body()) + "/roll";
        assertProblem(gateway().ask("POST", path, "{\"overlap\":\"1 day\"}"), 400, "overlap");
        assertProblem(gateway().ask("POST", path, "{\"grace\":\"PT1H\"}"), 400, "grace");
        assertThat(gateway().askAs(ADMIN_KEY, "POST", path, "text/plain", "{}").status())
                .isEqualTo(415);
    }

    @Test
    void showsWhenAKeyWasLastUsed() {
        JsonNode made = gateway().createKey(tenant);
        assertThat(gateway().ask("GET", path(made), null).body().has("lastUsedAt"))
                .isFalse();
        gateway().statusOf(made.path("key").asString());
        String last =
                gateway().ask("GET", path(made), null).body().path("lastUsedAt").asString();
        assertThat(Duration.between(
                        Instant.parse(last),
                        Instant.parse(made.path("createdAt").asString())))
                .isLessThanOrEqualTo(Duration.ofMinutes(1));
        String listed = gateway()
                .ask("GET", "/api/v1/keys?tenant=" + tenant, null)
                .body()
                .toString();
        assertThat(listed).contains("\"lastUsedAt\":\"" + last);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(new RedisKeyUseStore(redis)
                                .read(List.of(made.path("id").asString()))
                                .block())
                        .hasSize(1));
    }

    @Test
    void forgetsARevokedKeyWhenAsked() {
        JsonNode made = gateway().createKey(tenant);
        String path = path(made);
        assertThat(gateway().ask("DELETE", path + "?purge=true", null).status())
                .as("it still works")
                .isEqualTo(409);
        assertProblem(gateway().ask("DELETE", path + "?purge=yes", null), 400, "purge");
        assertThat(gateway().ask("DELETE", path, null).status()).isEqualTo(204);
        assertThat(gateway().patch(path, "{\"name\":\"x\"}").status()).isEqualTo(409);
        assertThat(gateway().ask("DELETE", path + "?purge=true", null).status()).isEqualTo(204);
        assertThat(gateway().ask("GET", path, null).status()).isEqualTo(404);
        assertThat(gateway().ask("DELETE", path, null).status()).isEqualTo(404);
        assertThat(gateway().statusOf(made.path("key").asString())).isEqualTo(401);
    }

    @Test
    void waitsUntilEveryGatewayRefusesTheKey() {
        JsonNode made = gateway().createKey(tenant);
        String key = made.path("key").asString();
        try (ConfigurableApplicationContext second = secondGateway()) {
            Gateway other = new Gateway(
                    second.getEnvironment().getRequiredProperty("local.server.port", Integer.class), ADMIN_KEY);
            await().atMost(PATIENCE).until(() -> other.statusOf(key) == 404);
            await().atMost(PATIENCE).until(() -> gatewaysThatConfirm() >= 2);
            Answer revoked = gateway().ask("DELETE", path(made) + "?wait=all", null);
            assertThat(revoked.status()).isEqualTo(200);
            assertThat(revoked.body().path("status").asString()).isEqualTo("revoked");
            assertThat(other.statusOf(key)).as("by the other, at once").isEqualTo(401);
            JsonNode propagation = revoked.body().path("propagation");
            assertThat(propagation.path("complete").asBoolean()).isTrue();
            assertThat(propagation.path("applied").asInt())
                    .isEqualTo(propagation.path("gateways").asInt())
                    .isGreaterThanOrEqualTo(2);
            assertThat(propagation.path("millis").asDouble()).isPositive();
            assertThat(propagation.path("missing").isEmpty()).isTrue();
        }
        assertThat(meters.get("sluice.apikeys.propagation").timer().count()).isPositive();
        assertProblem(gateway().ask("DELETE", path(made) + "?wait=some", null), 400, "wait");
        assertProblem(gateway().ask("DELETE", path(made) + "?purge=true&wait=all", null), 400, "wait");
    }

    @Test
    void saysWhoHasNotConfirmedWhenTheTimeIsOver() {
        JsonNode made = gateway().createKey(tenant);
        String mute = "mute-" + UUID.randomUUID();
        hear(mute, false);
        await().atMost(PATIENCE)
                .until(() -> gateway()
                        .patch(path(made) + "?wait=all", "{}")
                        .body()
                        .toString()
                        .contains(mute));
        Answer changed = gateway().patch(path(made) + "?wait=all", "{\"name\":\"other\"}");
        assertThat(changed.status()).isEqualTo(202);
        assertThat(changed.body().path("name").asString()).isEqualTo("other");
        JsonNode propagation = changed.body().path("propagation");
        assertThat(propagation.path("complete").asBoolean()).isFalse();
        assertThat(propagation.path("missing").toString()).contains(mute);
        hear(mute, true);
        await().atMost(PATIENCE)
                .until(() -> gateway().patch(path(made) + "?wait=all", "{}").status() == 200);
        Answer rolled = gateway().ask("POST", path(made) + "/roll?wait=all", null);
        assertThat(rolled.status()).isEqualTo(201);
        assertThat(rolled.body().path("propagation").path("complete").asBoolean())
                .isTrue();
    }

    private int gatewaysThatConfirm() {
        JsonNode made = gateway().createKey(tenant);
        Answer revoked = gateway().ask("DELETE", path(made) + "?wait=all", null);
        return revoked.status() == 200
                ? revoked.body().path("propagation").path("applied").asInt()
                : 0;
    }

    private void hear(String instance, boolean leaving) {
        GatewayHeartbeat heartbeat = new GatewayHeartbeat(instance, Instant.EPOCH, leaving, Map.of());
        assertThat(publishers.to(Topics.GATEWAY_HEARTBEATS).publish(instance, heartbeat))
                .succeedsWithin(PATIENCE);
    }

    private static ConfigurableApplicationContext secondGateway() {
        return new SpringApplicationBuilder(ApiGatewayApplication.class)
                .properties(Map.of(
                        "spring.main.banner-mode", "off",
                        "spring.jmx.enabled", "false"))
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.kafka.bootstrap-servers="
                                + LocalKafka.shared().bootstrapServers(),
                        "--spring.data.redis.host=" + LocalRedis.shared().host(),
                        "--spring.data.redis.port=" + LocalRedis.shared().port(),
                        "--sluice.kafka.max-partitions=1",
                        "--sluice.internal.secret=an internal secret of enough bytes for tests",
                        "--sluice.gateway.api-key.bootstrap-admin=" + ADMIN_KEY);
    }

    @Test
    void writesDownWhoChangedWhat() {
        JsonNode made = gateway().createKey(tenant);
        String path = path(made);
        gateway().patch(path, "{\"name\":\"other\"}");
        gateway().ask("POST", path + "/roll", null);
        gateway().ask("DELETE", path, null);
        gateway().ask("DELETE", path + "?purge=true", null);
        String resource = "key/" + made.path("id").asString();
        assertThat(auditLog())
                .filteredOn(entry -> entry.getResource().equals(resource))
                .allSatisfy(entry -> {
                    assertThat(entry.getActor()).isEqualTo("BootstrapAdmin00");
                    assertThat(entry.getTenant()).isEqualTo(tenant);
                })
                .extracting(AuditEntry::getAction)
                .containsExactly("key.create", "key.patch", "key.roll", "key.revoke", "key.purge");
    }

    private Gateway gateway() {
        return new Gateway(port, ADMIN_KEY);
    }

    private static String path(JsonNode key) {
        return "/api/v1/keys/" + key.path("id").asString();
    }

    private static void assertProblem(Answer answer, int status, String field) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("field").asString()).isEqualTo(field);
        assertThat(answer.body().path("detail").asString()).isNotBlank();
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

    @Test
    void makesAndRevokesManyAtOnceAndTellsOfEach() {
        Gateway gateway = gateway();
        String item = "{\"tenant\":\"%s\",\"name\":\"%s\",\"environment\":\"test\",\"scopes\":[\"cache:read\"]}";
        Answer made = gateway.ask(
                "POST",
                "/api/v1/keys/batch/create?wait=all",
                "{\"items\":[" + item.formatted(tenant, "a") + "," + item.formatted("nobody", "b") + ",null,"
                        + item.formatted(tenant, "c") + "]}");
        assertThat(made.status()).isEqualTo(207);
        assertThat(made.body().path("done").asInt()).isEqualTo(2);
        assertThat(statuses(made)).containsExactly(201, 400, 400, 201);
        JsonNode refused = made.body().path("results").path(1);
        assertThat(refused.path("pointer").asString()).isEqualTo("/items/1");
        assertThat(refused.path("problem").path("field").asString()).isEqualTo("tenant");
        JsonNode first = made.body().path("results").path(0).path("key");
        JsonNode last = made.body().path("results").path(3).path("key");
        assertThat(first.path("propagation").path("complete").asBoolean()).isTrue();
        assertThat(gateway.statusOf(first.path("key").asString())).isEqualTo(404);
        assertThat(gateway.statusOf(last.path("key").asString())).isEqualTo(404);

        String ids = "{\"ids\":[\"%s\",\"unknown\",\"%s\"]}"
                .formatted(first.path("id").asString(), last.path("id").asString());
        Answer revoked = gateway.ask("POST", "/api/v1/keys/batch/revoke?wait=all", ids);
        assertThat(revoked.status()).isEqualTo(207);
        assertThat(statuses(revoked)).containsExactly(200, 404, 200);
        assertThat(gateway.statusOf(first.path("key").asString())).isEqualTo(401);
        assertThat(gateway.statusOf(last.path("key").asString())).isEqualTo(401);
        assertThat(statuses(gateway.ask("POST", "/api/v1/keys/batch/revoke", ids)))
                .containsExactly(200, 404, 200);
        assertThat(auditLog())
                .filteredOn(entry ->
                        entry.getResource().equals("key/" + last.path("id").asString()))
                .extracting(AuditEntry::getAction)
                .startsWith("key.create", "key.revoke");
    }

    @Test
    void refusesABatchThatIsNone() {
        Gateway gateway = gateway();
        assertThat(gateway.ask("POST", "/api/v1/keys/batch/revoke", "{\"ids\":[]}")
                        .status())
                .isEqualTo(400);
        Answer twice = gateway.ask("POST", "/api/v1/keys/batch/revoke", "{\"ids\":[\"a\",\"a\"]}");
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.body().path("field").asString()).isEqualTo("ids[1]");
        String many = "\"x\",".repeat(100) + "\"y\"";
        assertThat(gateway.ask("POST", "/api/v1/keys/batch/revoke", "{\"ids\":[" + many + "]}")
                        .status())
                .isEqualTo(400);
        Answer none = gateway.ask("POST", "/api/v1/keys/batch/revoke", "{\"ids\":[\"a\",\"b\"]}");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body().path("results").size()).isEqualTo(2);
    }

    private static List<Integer> statuses(Answer answer) {
        List<Integer> statuses = new ArrayList<>();
        answer.body()
                .path("results")
                .forEach(result -> statuses.add(result.path("status").asInt()));
        return statuses;
    }
}
