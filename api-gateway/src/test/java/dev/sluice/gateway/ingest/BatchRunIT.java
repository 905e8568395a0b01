package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static dev.sluice.gateway.ingest.IngestClient.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.util.unit.DataSize;

/** What becomes of a batch whose log does as it is told, with a real Redis. */
class BatchRunIT {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int QUEUED = 2;
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();
    private static final LettuceConnectionFactory FACTORY = connect();

    private final Caller caller =
            new Caller(new Identity("t-" + UUID.randomUUID(), "key-1", "free", Set.of("events:write")), null, null);
    private final EventReader reader =
            new EventReader(new StrictJson(), InstantSource.fixed(EventReading.NOW), 100_000, 1_000);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Claims claims = claims(PATIENCE);
    private final EventSearch search = new EventSearch(
            () -> {
                throw new IllegalStateException("the log is not searched here");
            },
            LEASE);
    private final CountDownLatch producing = new CountDownLatch(1);
    private final CountDownLatch mayProduce = new CountDownLatch(1);
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private @Nullable RecordPublishers publishers;

    @AfterEach
    void close() {
        mayProduce.countDown();
        if (publishers != null) {
            publishers.close();
        }
        search.close();
    }

    @AfterAll
    static void stop() {
        FACTORY.destroy();
        REDIS.close();
    }

    @Test
    void handsAllOverInOrderAndAnswersInOrderWhateverIsConfirmedFirst() {
        mayProduce.countDown();
        List<BatchItem> items = read(IntStream.range(0, 500)
                .mapToObj(i -> i % 5 == 0 ? "7" : i % 2 == 0 ? named("e" + i, i) : with("\"data\":" + i))
                .toArray(String[]::new));
        CompletableFuture<List<Outcome>> answer = take(items, 1_000, PATIENCE);
        confirm(400);
        List<Outcome> outcomes =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(sent()).containsExactlyElementsOf(idsOf(items));
        List<ClaimReply> expected = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof BatchItem.Read(Arrival arrival)) {
                Outcome.Taken taken = (Outcome.Taken) outcomes.get(i);
                String id = arrival.event().id();
                assertThat(taken.receipt().id()).isEqualTo(id);
                assertThat(taken.check()).isEqualTo(i % 2 == 0 ? Check.NEW : Check.NONE);
                if (i % 2 == 0) {
                    expected.add(new ClaimReply.Complete(id, 0, taken.receipt().offset()));
                }
            } else {
                assertThat(outcomes.get(i)).isInstanceOf(Outcome.Refused.class);
            }
        }
        assertThat(claims.claimAll(claimsOf(items)).block(PATIENCE)).isEqualTo(expected);
        assertThat(count("granted")).isEqualTo(200);
    }

    @Test
    void takesBackTheClaimsOfThoseThatTheProducerRefused() throws Exception {
        // The sender has one record in its hands, and room for two more.
        EventWriter writer = writer(QUEUED);
        writer.prepare(arrivalOf(with("\"data\":0")), caller, (receipt, failure) -> {})
                .run();
        producing.await();
        List<BatchItem> items = read(named("a", 1), named("b", 2), named("c", 3), with("\"data\":4"));
        CompletableFuture<List<Outcome>> answer = take(items, writer, PATIENCE);
        await().atMost(PATIENCE).until(() -> count("granted") == 3);
        await().atMost(PATIENCE).until(() -> reply(items.get(2)) instanceof ClaimReply.Granted);
        mayProduce.countDown();
        confirm(3);
        List<Outcome> outcomes =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(outcomes).extracting(BatchRunIT::statusOf).containsExactly(202, 202, 503, 503);
        assertThat(reply(items.get(1))).isInstanceOf(ClaimReply.Complete.class);
    }

    @Test
    void keepsTheClaimOfWhatMayBeOnTheLog() {
        mayProduce.countDown();
        List<BatchItem> items = read(named("a", 1), named("b", 2));
        CompletableFuture<List<Outcome>> answer = take(items, 1_000, PATIENCE);
        await().atMost(PATIENCE).until(() -> kafka.history().size() == 2);
        assertThat(kafka.completeNext()).isTrue();
        assertThat(kafka.errorNext(new org.apache.kafka.common.errors.TimeoutException("lost")))
                .isTrue();
        assertThat(answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .extracting(BatchRunIT::statusOf)
                .containsExactly(202, 503);
        assertThat(reply(items.get(1))).isInstanceOf(ClaimReply.InFlight.class);
    }

    @Test
    void completesWhatIsConfirmedWhileTheLogHoldsUpOneEvent() {
        mayProduce.countDown();
        List<BatchItem> items = read(named("a", 1), named("b", 2), with("\"data\":3"));
        CompletableFuture<List<Outcome>> answer = take(items, 1_000, PATIENCE);
        await().atMost(PATIENCE).until(() -> kafka.history().size() == 3);
        assertThat(kafka.completeNext()).isTrue();
        await().atMost(PATIENCE).until(() -> reply(items.getFirst()) instanceof ClaimReply.Complete);
        assertThat(answer).isNotDone();
        assertThat(reply(items.get(1))).isInstanceOf(ClaimReply.InFlight.class);
        confirm(2);
        assertThat(answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .extracting(BatchRunIT::statusOf)
                .containsExactly(202, 202, 202);
    }

    @Test
    void answersInTimeWhatItKnowsAndGoesOn() {
        mayProduce.countDown();
        List<BatchItem> items = read(named("a", 1), "7", named("b", 2), named("b", 2), with("\"data\":3"));
        CompletableFuture<List<Outcome>> answer = take(items, 1_000, Duration.ofMillis(200));
        assertThat(answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .extracting(BatchRunIT::statusOf)
                .containsExactly(503, 400, 503, 503, 503);
        confirm(3);
        await().atMost(PATIENCE).until(() -> reply(items.get(2)) instanceof ClaimReply.Complete);
    }

    @Test
    void goesOnWhenNobodyWaits() {
        mayProduce.countDown();
        List<BatchItem> items = read(named("a", 1), named("b", 2));
        REDIS.pause();
        try {
            batches(claims, writer(1_000), PATIENCE)
                    .takeEach(items, caller)
                    .subscribe()
                    .dispose();
        } finally {
            REDIS.resume();
        }
        confirm(2);
        await().atMost(PATIENCE).until(() -> reply(items.get(1)) instanceof ClaimReply.Complete);
    }

    @Test
    void answersThatAnEventIsTakenThoughItsClaimCannotBeCompleted() {
        mayProduce.countDown();
        List<BatchItem> items = read(named("a", 1), named("b", 2));
        CompletableFuture<List<Outcome>> answer = batches(claims(Duration.ofSeconds(1)), writer(1_000), PATIENCE)
                .takeEach(items, caller)
                .toFuture()
                .thenApply(Objects::requireNonNull);
        await().atMost(PATIENCE).until(() -> kafka.history().size() == 2);
        REDIS.kill();
        try {
            confirm(2);
            assertThat(answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                    .extracting(BatchRunIT::statusOf)
                    .containsExactly(202, 202);
        } finally {
            REDIS.start();
        }
    }

    private CompletableFuture<List<Outcome>> take(List<BatchItem> items, int queued, Duration ackTimeout) {
        return take(items, writer(queued), ackTimeout);
    }

    private CompletableFuture<List<Outcome>> take(List<BatchItem> items, EventWriter writer, Duration ackTimeout) {
        return batches(claims, writer, ackTimeout)
                .takeEach(items, caller)
                .toFuture()
                .thenApply(Objects::requireNonNull);
    }

    private BatchIntake batches(Claims asked, EventWriter writer, Duration ackTimeout) {
        IngestMeters counts = new IngestMeters(meters);
        EventIntake intake = new EventIntake(asked, writer, ackTimeout, counts);
        return new BatchIntake(new BatchSteps(asked, writer, intake, counts, ackTimeout));
    }

    private static Claims claims(Duration deadline) {
        return new Claims(
                new ReactiveStringRedisTemplate(FACTORY),
                InstantSource.system(),
                new ClaimTerms(LEASE, LEASE.multipliedBy(2), deadline));
    }

    private EventWriter writer(int queued) {
        publishers = new RecordPublishers(
                this::producer,
                new PlatformKafkaProperties(
                        (short) 1, 1, null, false, DataSize.ofMegabytes(1), queued, DataSize.ofMegabytes(32), PATIENCE),
                meters);
        return new EventWriter(new EventPublisher(publishers), search);
    }

    private Producer<byte[], byte[]> producer() {
        producing.countDown();
        try {
            mayProduce.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return kafka;
    }

    private void confirm(int events) {
        for (int i = 0; i < events; i++) {
            if (!kafka.completeNext()) {
                await().atMost(PATIENCE).until(kafka::completeNext);
            }
        }
    }

    private List<BatchItem> read(String... events) {
        return reader.readBatch(("[" + String.join(",", events) + "]").getBytes(StandardCharsets.UTF_8), caller);
    }

    private Arrival arrivalOf(String event) {
        return ((BatchItem.Read) read(event).getFirst()).arrival();
    }

    private static String named(String id, int data) {
        return with("\"id\":\"" + id + "\",\"subject\":\"s\",\"data\":" + data);
    }

    private static List<String> idsOf(List<BatchItem> items) {
        return items.stream()
                .filter(BatchItem.Read.class::isInstance)
                .map(item -> ((BatchItem.Read) item).arrival().event().id())
                .toList();
    }

    private List<String> sent() {
        RecordDecoder<DomainEvent> decoder = RecordDecoder.of(DomainEvent.class);
        return kafka.history().stream()
                .map(record -> decoder.decode(record.value()).getId())
                .toList();
    }

    /** What another is told who sends the event; a claim that it is granted is taken back. */
    private @Nullable ClaimReply reply(BatchItem item) {
        Claim claim = claimsOf(List.of(item)).getFirst();
        ClaimReply reply = claims.claim(claim).block(PATIENCE);
        if (reply instanceof ClaimReply.Granted) {
            claims.release(claim).block(PATIENCE);
        }
        return reply;
    }

    private List<Claim> claimsOf(List<BatchItem> items) {
        List<Claim> found = new ArrayList<>();
        for (BatchItem item : items) {
            Claim claim = item instanceof BatchItem.Read(Arrival arrival) ? Claim.of(arrival, caller, "another") : null;
            if (claim != null) {
                found.add(claim);
            }
        }
        return found;
    }

    private double count(String reply) {
        return meters.counter("sluice.ingest.claims", "reply", reply).count();
    }

    private static int statusOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Taken ignored -> 202;
            case Outcome.Refused(var problem) -> problem.type().status();
        };
    }

    private static LettuceConnectionFactory connect() {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(REDIS.host(), REDIS.port()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
