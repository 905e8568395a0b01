package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static dev.sluice.gateway.ingest.IngestClient.PATIENCE;
import static dev.sluice.gateway.ingest.IngestClient.assertProblem;
import static dev.sluice.gateway.ingest.IngestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.DomainEvent;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same event sent again, over HTTP, with a real log and a real Redis; also when its first sender died half way. */
@IngestTest
@TestPropertySource(
        properties = {
            "sluice.gateway.ingest.claim-lease=1s",
            "spring.data.redis.connect-timeout=500ms",
        })
@DirtiesContext
class IdempotentEventsIT {

    @AutoClose
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    @Autowired
    private EventLog log;

    @Autowired
    private IngestClient client;

    @Autowired
    private Claims claims;

    @Autowired
    private EventReader reader;

    @Autowired
    private EventPublisher publisher;

    @Autowired
    private EventSearch search;

    @Autowired
    private ReactiveStringRedisTemplate redis;

    private final String name = "n-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", LocalKafka.shared()::bootstrapServers);
        registry.add("spring.data.redis.host", REDIS::host);
        registry.add("spring.data.redis.port", REDIS::port);
    }

    @BeforeEach
    void awaitTopics() {
        client.awaitTopics();
        awaitRedis();
    }

    @AfterEach
    void startRedis() {
        REDIS.start();
    }

    @Test
    void answersAnEventThatIsSentAgainWithWhereItStands() throws Exception {
        HttpResponse<String> first = send(null, named(1));
        HttpResponse<String> second = send(null, named(1));
        assertTaken(first, "");
        assertTaken(second, "replayed");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(written()).hasSize(1);
    }

    @Test
    void knowsAnEventAgainInAnotherContentMode() throws Exception {
        HttpResponse<String> first = send(null, named(1));
        HttpResponse<String> second = IngestClient.send(request(null, "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-type", "order.created")
                .header("ce-id", name)
                .header("ce-subject", name)
                .POST(BodyPublishers.ofString("1")));
        assertTaken(second, "replayed");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(written()).hasSize(1);
    }

    @Test
    void givesAnEventWithoutIdTheSameIdForTheSameKey() throws Exception {
        HttpResponse<String> first = send(name, unnamed(1));
        HttpResponse<String> second = send("\"" + name + "\"", unnamed(1));
        assertTaken(first, "");
        assertTaken(second, "replayed");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(written()).hasSize(1);
        assertThat(written().getFirst().getIdempotencyKey()).isEqualTo(name);
    }

    @Test
    void refusesAnotherEventUnderTheSameName() throws Exception {
        assertTaken(send(null, named(1)), "");
        assertProblem(send(null, named(2)), 422, "idempotency_mismatch", "id");
        assertTaken(send("k" + name, unnamed(1)), "");
        assertProblem(send("k" + name, unnamed(2)), 422, "idempotency_mismatch", "Idempotency-Key");
        assertThat(written()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "a b", "\"\""})
    void refusesAKeyThatIsNone(String key) throws Exception {
        assertProblem(send(key, unnamed(1)), 400, "invalid_header", "Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "id"})
    void writesOneOfTwentyThatComeAtOnce(String kind) throws Exception {
        String key = kind.equals("key") ? name : null;
        String event = kind.equals("key") ? unnamed(1) : named(1);
        List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, 20)
                .mapToObj(i -> IngestClient.sendAsync(post(key, event)))
                .toList();
        List<HttpResponse<String>> answers =
                sent.stream().map(CompletableFuture::join).toList();
        assertThat(answers).extracting(HttpResponse::statusCode).contains(202).isSubsetOf(202, 409);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 202).map(HttpResponse::body))
                .containsOnly(awaitTaken(key, event).body());
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 409))
                .allSatisfy(answer -> {
                    assertProblem(answer, 409, "idempotency_in_flight", "");
                    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                });
        assertThat(written()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "id"})
    void writesAnEventWhoseFirstSenderDiedBeforeItWrote(String kind) throws Exception {
        String key = kind.equals("key") ? name : null;
        String event = kind.equals("key") ? unnamed(1) : named(1);
        Arrival arrival = claimAndDie(key, event);
        assertProblem(send(key, event), 409, "idempotency_in_flight", "");
        HttpResponse<String> taken = awaitTaken(key, event);
        assertTaken(taken, "");
        assertThat(json(taken).path("id").asString()).isEqualTo(arrival.event().id());
        assertTaken(send(key, event), "replayed");
        assertThat(written()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "id"})
    void findsAnEventWhoseFirstSenderDiedAfterItWrote(String kind) throws Exception {
        String key = kind.equals("key") ? name : null;
        String event = kind.equals("key") ? unnamed(1) : named(1);
        Arrival arrival = claimAndDie(key, event);
        EventReceipt receipt = Objects.requireNonNull(
                new EventWriter(publisher, search).write(arrival, caller(key)).block(PATIENCE));
        HttpResponse<String> found = awaitTaken(key, event);
        assertTaken(found, "replayed");
        assertThat(found.body()).isEqualTo(new JsonMapper().writeValueAsString(receipt));
        assertThat(send(key, event).body()).isEqualTo(found.body());
        assertThat(written()).hasSize(1);
    }

    @Test
    void takesOverOnceThoughManyAskAtOnce() throws Exception {
        claimAndDie(null, named(1));
        await().atMost(PATIENCE).until(() -> {
            List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, 10)
                    .mapToObj(i -> IngestClient.sendAsync(post(null, named(1))))
                    .toList();
            return sent.stream().map(CompletableFuture::join).anyMatch(answer -> answer.statusCode() == 202);
        });
        assertThat(written()).hasSize(1);
    }

    @Test
    void keepsEachEventOfABatchThatIsSentAgainAsItWas() throws Exception {
        String other = with("\"id\":\"" + name + "-b\",\"subject\":\"" + name + "\",\"data\":7");
        HttpResponse<String> first = sendBatch(null, named(1), unnamed(1));
        HttpResponse<String> second = sendBatch(null, named(1), other, named(2));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(second.statusCode()).as(second.body()).isEqualTo(207);
        JsonNode results = json(second).path("results");
        assertThat(results.path(0).path("idempotency").asString()).isEqualTo("replayed");
        assertThat(results.path(0).path("offset"))
                .isEqualTo(json(first).path("results").path(0).path("offset"));
        assertThat(results.path(1).path("status").asInt()).isEqualTo(202);
        assertThat(results.path(1).has("idempotency")).isFalse();
        assertThat(results.path(2).path("status").asInt()).isEqualTo(422);
        assertThat(written()).hasSize(3);
    }

    @Test
    void takesNamedEventsUncheckedAndRefusesKeysWhileRedisIsAway() throws Exception {
        REDIS.kill();
        HttpResponse<String> taken = send(null, named(1));
        assertTaken(taken, "unchecked");
        HttpResponse<String> refused = send(name, unnamed(1));
        assertProblem(refused, 503, "unavailable", "");
        assertProblem(sendBatch(name, unnamed(1)), 503, "unavailable", "");
        JsonNode twins = json(sendBatch(null, named(4), named(5))).path("results");
        assertThat(twins.path(0).path("idempotency").asString()).isEqualTo("unchecked");
        assertThat(twins.path(1).path("status").asInt()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertTaken(send(null, unnamed(2)), "");
        JsonNode result = json(sendBatch(null, named(3))).path("results").path(0);
        assertThat(result.path("idempotency").asString()).isEqualTo("unchecked");
        REDIS.start();
        assertTaken(awaitTaken(name, unnamed(1)), "");
        assertTaken(send(name, unnamed(1)), "replayed");
        assertThat(written()).hasSize(5);
    }

    @Test
    void grantsAClaimAgainToItsOwnerWhoDidNotHear() {
        Arrival arrival = reader.readStructured(named(1).getBytes(StandardCharsets.UTF_8), caller(null));
        Claims asked = new Claims(
                redis,
                InstantSource.fixed(EventReading.NOW),
                new ClaimTerms(PATIENCE, PATIENCE.multipliedBy(2), PATIENCE));
        Claim mine = Objects.requireNonNull(Claim.of(arrival, caller(null), "me"));
        Claim other = Objects.requireNonNull(Claim.of(arrival, caller(null), "another"));
        assertThat(asked.claim(mine).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        assertThat(asked.claim(mine).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        assertThat(asked.claim(other).block(PATIENCE)).isInstanceOf(ClaimReply.InFlight.class);
    }

    @Test
    void goesOnWithoutAConnectionWhenNoneCanBeHad() {
        REDIS.pause();
        try {
            assertThat(claims.connect(Duration.ofMillis(100)).toFuture()).succeedsWithin(PATIENCE);
        } finally {
            REDIS.resume();
        }
        REDIS.kill();
        assertThat(claims.connect(Duration.ofSeconds(30)).toFuture()).succeedsWithin(PATIENCE);
    }

    @Test
    void answersWhileRedisHangs() throws Exception {
        REDIS.pause();
        try {
            assertTaken(send(null, named(1)), "unchecked");
            assertProblem(send(name, unnamed(1)), 503, "unavailable", "");
        } finally {
            REDIS.resume();
        }
        awaitTaken(name, unnamed(1));
        assertThat(written()).hasSize(2);
    }

    /** What a gateway leaves behind that is killed after it claimed. */
    private Arrival claimAndDie(@Nullable String key, String event) {
        Arrival arrival = reader.readStructured(event.getBytes(StandardCharsets.UTF_8), caller(key));
        Claim claim = Objects.requireNonNull(Claim.of(arrival, caller(key), "who died"));
        assertThat(claims.claim(claim).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        return arrival;
    }

    private HttpResponse<String> awaitTaken(@Nullable String key, String event) {
        return await().atMost(PATIENCE).until(() -> send(key, event), answer -> answer.statusCode() == 202);
    }

    private void awaitRedis() {
        String event = with("\"id\":\"up-" + UUID.randomUUID().toString().substring(0, 30) + "\"");
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> send(UUID.randomUUID().toString(), event).statusCode() == 202);
    }

    private List<DomainEvent> written() {
        return log.eventsOf(name, 0);
    }

    /** An event with a name of its own; {@code data} tells it from others under the same name. */
    private String named(int data) {
        return with("\"id\":\"" + name + "\",\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private String unnamed(int data) {
        return with("\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private static Caller caller(@Nullable String key) {
        return new Caller(new Identity("acme", "key-1", "free", Set.of("events:write")), null, key);
    }

    private HttpResponse<String> send(@Nullable String key, String event) throws Exception {
        return IngestClient.send(post(key, event));
    }

    private HttpResponse<String> sendBatch(@Nullable String key, String... events) throws Exception {
        return IngestClient.send(request(key, "application/cloudevents-batch+json")
                .POST(BodyPublishers.ofString("[" + String.join(",", events) + "]")));
    }

    private HttpRequest.Builder post(@Nullable String key, String event) {
        return request(key, "application/json").POST(BodyPublishers.ofString(event));
    }

    private HttpRequest.Builder request(@Nullable String key, String type) {
        HttpRequest.Builder request = client.request(type);
        return key == null ? request : request.header("Idempotency-Key", key);
    }

    private static void assertTaken(HttpResponse<String> response, String check) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.headers().firstValue("Sluice-Idempotency").orElse(""))
                .isEqualTo(check);
    }
}
