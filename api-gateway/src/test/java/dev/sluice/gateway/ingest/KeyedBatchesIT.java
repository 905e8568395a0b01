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
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Batches sent again, by the key of the whole and by the names of their events, with a real log and a real Redis. */
@IngestTest
@TestPropertySource(properties = "sluice.gateway.ingest.claim-lease=1s")
@DirtiesContext
class KeyedBatchesIT {

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
        await().atMost(PATIENCE)
                .until(() ->
                        send(UUID.randomUUID().toString(), with("\"data\":0")).statusCode() == 202);
    }

    @Test
    void writesAnEventOnceThatStandsTwiceInABatch() throws Exception {
        HttpResponse<String> response = sendBatch(null, named(1), named(1), named(2), named(1));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        JsonNode results = json(response).path("results");
        assertThat(results.valueStream().map(result -> result.path("status").asInt()))
                .containsExactly(202, 202, 422, 202);
        assertThat(results.valueStream()
                        .map(result -> result.path("idempotency").asString("")))
                .containsExactly("", "replayed", "", "replayed");
        assertThat(results.path(1).path("offset"))
                .isEqualTo(results.path(0).path("offset"))
                .isEqualTo(results.path(3).path("offset"));
        assertThat(results.path(2).path("problem").path("code").asString()).isEqualTo("idempotency_mismatch");
        assertThat(written()).hasSize(1);
    }

    @Test
    void answersTheSameBatchUnderTheSameKeyAsBefore() throws Exception {
        HttpResponse<String> first = sendBatch(name, named(1), unnamed(2), unnamed(2));
        HttpResponse<String> second = sendBatch(name, named(1), unnamed(2), unnamed(2));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(second.statusCode()).as(second.body()).isEqualTo(202);
        assertThat(places(second)).isEqualTo(places(first)).doesNotHaveDuplicates();
        assertThat(json(second)
                        .path("results")
                        .valueStream()
                        .map(result -> result.path("idempotency").asString("")))
                .containsOnly("replayed");
        assertThat(written())
                .hasSize(3)
                .extracting(DomainEvent::getIdempotencyKey)
                .containsOnly(name);
    }

    @Test
    void refusesAnotherBatchOrEventUnderTheKeyOfABatch() throws Exception {
        assertThat(sendBatch(name, unnamed(1)).statusCode()).isEqualTo(202);
        assertProblem(sendBatch(name, unnamed(1), unnamed(2)), 422, "idempotency_mismatch", "Idempotency-Key");
        assertProblem(send(name, unnamed(1)), 422, "idempotency_mismatch", "Idempotency-Key");
        assertThat(send("k" + name, unnamed(1)).statusCode()).isEqualTo(202);
        assertProblem(sendBatch("k" + name, unnamed(1)), 422, "idempotency_mismatch", "Idempotency-Key");
        assertThat(written()).hasSize(2);
    }

    @Test
    void letsABatchThatHeldNoEventBePutRightUnderItsKey() throws Exception {
        assertProblem(sendBatch(name, "1"), 400, "wrong_type", "body");
        assertThat(sendBatch(name, unnamed(1)).statusCode()).isEqualTo(202);
    }

    /** A gateway that is killed half way has claimed the batch, and some of its events. */
    @Test
    void finishesABatchWhoseFirstSenderDiedHalfWay() throws Exception {
        byte[] body = ("[" + unnamed(1) + "," + unnamed(2) + "]").getBytes(StandardCharsets.UTF_8);
        List<BatchItem> items = reader.readBatch(body, caller(name));
        Claim whole = Claim.ofBatch(body, caller(name), "who died");
        Arrival first = ((BatchItem.Read) items.getFirst()).arrival();
        Claim claim = Objects.requireNonNull(Claim.of(first, caller(name), "who died"));
        assertThat(claims.claim(whole).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        assertThat(claims.claim(claim).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        EventReceipt receipt = Objects.requireNonNull(
                new EventWriter(publisher, search).write(first, caller(name)).block(PATIENCE));
        HttpResponse<String> taken = await().atMost(PATIENCE)
                .until(() -> sendBatch(name, unnamed(1), unnamed(2)), answer -> answer.statusCode() == 202);
        assertThat(json(taken).path("results").path(0).path("offset").asLong()).isEqualTo(receipt.offset());
        assertThat(written()).hasSize(2);
    }

    /** New, another one's name, being written, on the log though its writer died, claimed only by who died, complete, new. */
    @Test
    void judgesEachEventOfABatchByItsOwnClaim() throws Exception {
        Claims held =
                new Claims(redis, InstantSource.system(), new ClaimTerms(PATIENCE, PATIENCE.multipliedBy(2), PATIENCE));
        claimBy(claims, part("mismatch", 0));
        claimBy(held, part("in-flight", 1));
        Claim found = claimBy(claims, part("found", 1));
        EventReceipt receipt = Objects.requireNonNull(new EventWriter(publisher, search)
                .write(arrivalOf(part("found", 1)), caller(null))
                .block(PATIENCE));
        claims.giveUp(found).block(PATIENCE);
        claims.giveUp(claimBy(claims, part("lost", 1))).block(PATIENCE);
        assertThat(sendBatch(null, part("complete", 1)).statusCode()).isEqualTo(202);

        HttpResponse<String> response = sendBatch(
                null,
                part("new", 1),
                part("mismatch", 1),
                part("in-flight", 1),
                part("found", 1),
                part("lost", 1),
                part("complete", 1),
                part("last", 1));

        JsonNode results = json(response).path("results");
        assertThat(results.valueStream()
                        .map(result -> result.path("status").asInt()
                                + result.path("idempotency").asString("")
                                + result.path("problem").path("code").asString("")))
                .containsExactly(
                        "202",
                        "422idempotency_mismatch",
                        "409idempotency_in_flight",
                        "202replayed",
                        "202",
                        "202replayed",
                        "202");
        assertThat(results.path(3).path("offset").asLong()).isEqualTo(receipt.offset());
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(written())
                .extracting(event -> event.getId().substring(name.length()))
                .containsExactlyInAnyOrder("-found", "-complete", "-new", "-lost", "-last")
                .containsSubsequence("-new", "-last");
    }

    private Claim claimBy(Claims asked, String event) {
        Claim claim = Objects.requireNonNull(Claim.of(arrivalOf(event), caller(null), "who died"));
        assertThat(asked.claim(claim).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        return claim;
    }

    private Arrival arrivalOf(String event) {
        return reader.readStructured(event.getBytes(StandardCharsets.UTF_8), caller(null));
    }

    /** One of several events with names of their own. */
    private String part(String suffix, int data) {
        return with("\"id\":\"" + name + '-' + suffix + "\",\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private static List<String> places(HttpResponse<String> batch) {
        return json(batch)
                .path("results")
                .valueStream()
                .map(result ->
                        result.path("id").asString() + " at " + result.path("partition") + "/" + result.path("offset"))
                .toList();
    }

    private List<DomainEvent> written() {
        return log.eventsOf(name, 0);
    }

    private String named(int data) {
        return with("\"id\":\"" + name + "\",\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private String unnamed(int data) {
        return with("\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private static Caller caller(@Nullable String key) {
        return new Caller(new Identity("acme", "key-1", "free", Set.of("events:write")), null, key);
    }

    private HttpResponse<String> send(String key, String event) throws Exception {
        return IngestClient.send(client.post("application/json", event).header("Idempotency-Key", key));
    }

    private HttpResponse<String> sendBatch(@Nullable String key, String... events) throws Exception {
        HttpRequest.Builder batch =
                client.post("application/cloudevents-batch+json", "[" + String.join(",", events) + "]");
        return IngestClient.send(key == null ? batch : batch.header("Idempotency-Key", key));
    }
}
