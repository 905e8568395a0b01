package dev.sluice.metrics.usage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.MetricsAggregatorApplication;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.usage.Requests;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestBatch;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole process on a real broker: requests go onto the log, usage comes out over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class UsageIT {
    private static final String SECRET = "an internal secret of enough bytes for tests";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private static Path stateDir;

    @Autowired
    private KafkaClients kafka;

    @Autowired
    private TopicProvisioner topics;

    @Value("${local.server.port}")
    private int port;

    private final String tenant = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("sluice.kafka.max-partitions", () -> 2);
        registry.add("sluice.internal.secret", () -> SECRET);
        registry.add("sluice.metrics.application-id", () -> "usage-it");
        registry.add("sluice.metrics.state-dir", () -> stateDir);
        registry.add("sluice.metrics.commit-interval", () -> "100ms");
        registry.add("management.server.port", () -> 0);
    }

    @Test
    void addsUpWhatOneKeyUsedOnAllRoutes() {
        Instant now = Instant.now().minusSeconds(1);
        for (String route : List.of("/api/v1/events", "shop", "/api/v1/tiers", "__none__")) {
            publish(Requests.batch(
                    tenant,
                    route,
                    now,
                    Requests.entry("key-1", "events", 202, LimitVerdict.ALLOWED),
                    Requests.entry("key-1", "other", 429, LimitVerdict.LIMITED),
                    Requests.entry("key-1", "other", 503, LimitVerdict.ALLOWED),
                    Requests.entry("key-2", "events", 200, LimitVerdict.ALLOWED),
                    Requests.entry(null, "events", 200, LimitVerdict.ALLOWED)));
        }
        JsonNode key = awaitRequests("/api/v1/keys/key-1/usage", 12);
        assertThat(key.path("tenant").asString()).isEqualTo(tenant);
        assertThat(key.path("key").asString()).isEqualTo("key-1");
        assertThat(key.path("step").asString()).isEqualTo("day");
        JsonNode total = key.path("total");
        assertThat(total.path("admitted").asLong()).isEqualTo(8);
        assertThat(total.path("limited").asLong()).isEqualTo(4);
        assertThat(total.path("clientErrors").asLong()).isEqualTo(4);
        assertThat(total.path("serverErrors").asLong()).isEqualTo(4);
        assertThat(total.path("cost").asLong()).isEqualTo(8);
        assertThat(total.path("requestBytes").asLong()).isEqualTo(120);
        assertThat(total.path("responseBytes").asLong()).isEqualTo(1200);
        assertThat(key.path("groups").size()).isEqualTo(2);
        assertThat(key.path("series").size()).isEqualTo(30);
        assertThat(key.has("keys")).isFalse();

        JsonNode minutes = get("/api/v1/keys/key-1/usage?step=minute&group=events&from="
                + now.minus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.SECONDS));
        assertThat(minutes.path("total").path("requests").asLong()).isEqualTo(4);
        assertThat(minutes.path("series").size()).isBetween(6, 7);
        assertThat(minutes.path("series").get(0).path("requests").asLong(-1))
                .as("filled")
                .isZero();

        JsonNode all = awaitRequests("/api/v1/usage?step=month", 20);
        assertThat(all.path("keysTotal").asInt()).isEqualTo(3);
        assertThat(all.path("keys").get(0).path("key").asString()).isEqualTo("key-1");
        assertThat(all.path("keys").get(1).path("requests").asLong()).isEqualTo(4);
        assertThat(all.path("keys").get(1).path("key").isNull()).isTrue();
        assertThat(all.path("series").size()).isEqualTo(12);
        await().atMost(PATIENCE)
                .until(() -> !get("/api/v1/usage").path("asOf").asString("").isEmpty());
    }

    @Test
    void anotherTenantsKeyHasUsedNothing() {
        publish(Requests.batch(
                tenant, "shop", Instant.now(), Requests.entry("key-1", "routes", 200, LimitVerdict.ALLOWED)));
        awaitRequests("/api/v1/keys/key-1/usage", 1);
        String other = token(tenant + "-other", Set.of("metrics:read"));
        assertThat(send("/api/v1/keys/key-1/usage", other, 200)
                        .path("total")
                        .path("requests")
                        .asLong(-1))
                .isZero();
        assertThat(send("/api/v1/usage?tenant=" + tenant, other, 403)
                        .path("field")
                        .asString())
                .isEqualTo("tenant");
        String admin = token(tenant + "-other", Set.of("admin"));
        assertThat(send("/api/v1/usage?tenant=" + tenant, admin, 200)
                        .path("total")
                        .path("requests")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void everyInstanceAnswersForAllOfThemAndNeverForSome(@TempDir Path otherState) {
        long requests = publishToAllPartitions();
        awaitRequests("/api/v1/usage", requests);
        ConfigurableApplicationContext other = startAnother(otherState);
        try {
            int otherPort = other.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            awaitOnEach(otherPort, requests);
            await("each has some of the partitions")
                    .atMost(PATIENCE)
                    .ignoreException(StoresNotReadyException.class)
                    .untilAsserted(() -> assertThat(ownersOf(other)).hasSize(2));
            awaitSameAnswers(otherPort, "/api/v1/usage?key=key-1&group=events&step=minute", "total");
            awaitSameAnswers(otherPort, "/api/v1/usage", "keys");
            answersFromCopiesWithoutTheOther(other, requests);
        } finally {
            CompletableFuture<Void> closed = CompletableFuture.runAsync(other::close);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                assertNeverLess(port, requests);
                return closed.isDone() && hasAll(port, requests);
            });
        }
    }

    @Test
    void onlyAnotherInstanceIsToldOfSomePartitions() {
        await().atMost(PATIENCE).until(() -> get("/api/v1/usage").has("total"));
        String path = "/internal/v1/usage?partitions=0&step=day&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
        JsonNode problem = send(path, token(tenant, Set.of("admin")), 404);
        assertThat(problem.path("code").asString()).isEqualTo("not_found");
    }

    private long publishToAllPartitions() {
        for (int route = 0; route < 16; route++) {
            publish(Requests.batch(
                    tenant,
                    "route-" + route,
                    Instant.now().minusSeconds(1),
                    Requests.entry("key-1", "events", 202, LimitVerdict.ALLOWED),
                    Requests.entry("key-2", "other", 429, LimitVerdict.LIMITED)));
        }
        return 32;
    }

    private static ConfigurableApplicationContext startAnother(Path stateDir) {
        return new SpringApplicationBuilder(MetricsAggregatorApplication.class)
                // Event loops of its own: those that instances of one JVM share would end with it.
                .initializers((GenericApplicationContext context) ->
                        context.registerBean(ReactorResourceFactory.class, UsageIT::newEventLoops))
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.kafka.bootstrap-servers="
                                + LocalKafka.shared().bootstrapServers(),
                        "--sluice.kafka.max-partitions=2",
                        "--sluice.internal.secret=" + SECRET,
                        "--sluice.metrics.application-id=usage-it",
                        "--sluice.metrics.state-dir=" + stateDir,
                        "--sluice.metrics.commit-interval=100ms");
    }

    private static ReactorResourceFactory newEventLoops() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /** The other keeps its partitions and answers nobody: what it counted comes from copies, and is all there once they have it. */
    private void answersFromCopiesWithoutTheOther(ConfigurableApplicationContext other, long requests) {
        Objects.requireNonNull(((ReactiveWebServerApplicationContext) other).getWebServer())
                .stop();
        await().atMost(PATIENCE).untilAsserted(() -> {
            EntityExchangeResult<byte[]> answer = exchange(port, "/api/v1/usage", token(tenant, Set.of("metrics:read")))
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueMatches("Sluice-Stale", "records=[0-9]+")
                    .expectBody()
                    .returnResult();
            byte[] body = answer.getResponseBody();
            assertThat(JSON.readTree(body == null ? new byte[0] : body)
                            .path("total")
                            .path("requests")
                            .asLong())
                    .isEqualTo(requests);
        });
    }

    private static Set<HostInfo> ownersOf(ConfigurableApplicationContext instance) {
        return Set.copyOf(instance.getBean(StreamsRunner.class)
                .owners(UsageTopology.STORE)
                .byPartition()
                .values());
    }

    /** While partitions move between them, whatever is answered is exact. */
    private void awaitOnEach(int otherPort, long requests) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertNeverLess(port, requests);
            assertNeverLess(otherPort, requests);
            return hasAll(port, requests) && hasAll(otherPort, requests);
        });
    }

    /** Partitions may still move after both had all: what answers then is told apart from what is not ready. */
    private void awaitSameAnswers(int otherPort, String path, String field) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode here = get(path);
            assertThat(here.has(field)).isTrue();
            assertThat(get(otherPort, path).path(field)).isEqualTo(here.path(field));
        });
    }

    private void assertNeverLess(int instance, long requests) {
        EntityExchangeResult<byte[]> answered = exchange(
                        instance, "/api/v1/usage", token(tenant, Set.of("metrics:read")))
                .expectBody()
                .returnResult();
        byte[] body = answered.getResponseBody();
        JsonNode answer = JSON.readTree(body == null ? new byte[0] : body);
        // A copy may lack the latest, and says so.
        if (answer.has("total") && !answered.getResponseHeaders().containsHeader("Sluice-Stale")) {
            assertThat(answer.path("total").path("requests").asLong()).isEqualTo(requests);
        }
    }

    private boolean hasAll(int instance, long requests) {
        return get(instance, "/api/v1/usage").path("total").path("requests").asLong() == requests;
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/usage?step=hour, step",
        "/api/v1/usage?from=now, from",
        "/api/v1/usage?to=2020-01-01T00:00:00Z, to",
        "/api/v1/usage?from=2020-01-01T00:00:00Z, from",
        "/api/v1/usage?key=a%00b, key",
        "/api/v1/usage?group=, group",
        "/api/v1/usage?since=2020-01-01T00:00:00Z, query",
        "/api/v1/keys/key-1/usage?key=key-1, query",
        "/api/v1/keys/key-1/usage?step=day&step=day, step"
    })
    void refusesBadParametersAndNamesThem(String path, String field) {
        await().atMost(PATIENCE).until(() -> get("/api/v1/usage").has("total"));
        JsonNode problem = send(path, token(tenant, Set.of("metrics:read")), 400);
        assertThat(problem.path("field").asString()).isEqualTo(field);
        assertThat(problem.path("detail").asString()).isNotBlank();
    }

    private void publish(RequestBatch batch) {
        topics.ready().join();
        try (Producer<String, RequestBatch> producer = kafka.newProducer(
                "test-requests", RecordSerde.of(Topics.REQUESTS).serializer())) {
            String key = batch.getTenant() + "|" + batch.getRoute();
            var _ = producer.send(new ProducerRecord<>(Topics.REQUESTS.name(), key, batch));
        }
    }

    private JsonNode awaitRequests(String path, long requests) {
        JsonNode answer = await().atMost(PATIENCE)
                .until(
                        () -> get(path),
                        has -> has.path("total").path("requests").asLong() >= requests);
        assertThat(answer.path("total").path("requests").asLong()).isEqualTo(requests);
        return answer;
    }

    /** What is answered; an object without fields while the process is not ready. */
    private JsonNode get(String path) {
        return get(port, path);
    }

    private JsonNode get(int instance, String path) {
        byte[] body = exchange(instance, path, token(tenant, Set.of("metrics:read")))
                .expectBody()
                .returnResult()
                .getResponseBody();
        JsonNode answer = JSON.readTree(body == null ? new byte[0] : body);
        return answer.has("type") ? JSON.createObjectNode() : answer;
    }

    /** What is answered once the windows are ready, with this status. */
    private JsonNode send(String path, String token, int status) {
        EntityExchangeResult<byte[]> answer = await().atMost(PATIENCE)
                .until(() -> exchange(port, path, token).expectBody().returnResult(), UsageIT::isOfReadyWindows);
        assertThat(answer.getStatus().value()).isEqualTo(status);
        byte[] body = answer.getResponseBody();
        return JSON.readTree(body == null ? new byte[0] : body);
    }

    private static boolean isOfReadyWindows(EntityExchangeResult<byte[]> answer) {
        return answer.getStatus().value() != 503;
    }

    private static WebTestClient.ResponseSpec exchange(int port, String path, String token) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build()
                .get()
                .uri(URI.create("http://127.0.0.1:" + port + path))
                .header(IdentityToken.HEADER, token)
                .exchange();
    }

    private static String token(String tenant, Set<String> scopes) {
        return new IdentityToken(SECRET, InstantSource.system()).sign(new Identity(tenant, "key-1", "free", scopes));
    }
}
