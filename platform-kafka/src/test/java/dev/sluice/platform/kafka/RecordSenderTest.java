package dev.sluice.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RecordSenderTest {
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CountDownLatch kafkaAnswers = new CountDownLatch(1);

    @Test
    void sendsInTheOrderOfTheCalls() throws Exception {
        try (RecordSender sender = started(() -> kafka, Map.of())) {
            List<CompletableFuture<RecordMetadata>> results = IntStream.range(0, 500)
                    .mapToObj(i -> sender.send(record("value " + i)))
                    .toList();
            for (CompletableFuture<RecordMetadata> result : results) {
                result.get(30, SECONDS);
            }
        }
        assertThat(kafka.history())
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "value " + i).toList());
        assertThat(kafka.closed()).isTrue();
    }

    /** Whatever they gather for is not waited for at the end. */
    @Test
    void whatGathersLeavesInOrderWhenItIsClosed() throws Exception {
        RecordSender sender =
                new RecordSender("gathers", Duration.ofDays(1), () -> kafka, TestPlatform.properties(Map.of()));
        sender.start();
        sender.send(record("first")).get(30, SECONDS);
        await().atMost(Duration.ofSeconds(60)).until(RecordSenderTest::isGathering);
        List<CompletableFuture<RecordMetadata>> results = IntStream.range(0, 500)
                .mapToObj(i -> sender.send(record("value " + i)))
                .toList();
        assertThat(results).noneMatch(CompletableFuture::isDone);

        sender.close();

        assertThat(results).allMatch(result -> result.isDone() && !result.isCompletedExceptionally());
        assertThat(kafka.history().stream().skip(1))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "value " + i).toList());
    }

    private static boolean isGathering() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("gathers"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("gather"));
    }

    @Test
    void refusesAtOnceWhatDoesNotFitInRecords() {
        try (RecordSender sender = started(this::hanging, Map.of("queued-records", "10"))) {
            // One of them is with the thread, which hangs: a send that waits for room would never return.
            List<CompletableFuture<RecordMetadata>> results = IntStream.range(0, 20)
                    .mapToObj(i -> sender.send(record("value")))
                    .toList();
            assertThat(results.stream()
                            .filter(CompletableFuture::isCompletedExceptionally)
                            .count())
                    .isBetween(9L, 10L);
            assertFailsWith(results.getLast(), PublisherOverloadedException.class);
            kafkaAnswers.countDown();
            await().untilAsserted(() -> assertThat(results).allMatch(CompletableFuture::isDone));
        }
    }

    @Test
    void refusesAtOnceWhatDoesNotFitInBytes() {
        try (RecordSender sender = started(this::hanging, Map.of("queued-bytes", "1000B"))) {
            assertFailsWith(sender.send(record("x".repeat(1_001))), PublisherOverloadedException.class);
            ProducerRecord<byte[], byte[]> withHeader = record("x");
            withHeader.headers().add("header", new byte[1_000]);
            assertFailsWith(sender.send(withHeader), PublisherOverloadedException.class);
            // What was refused takes no room.
            CompletableFuture<RecordMetadata> fits = sender.send(record("x".repeat(900)));
            kafkaAnswers.countDown();
            await().untilAsserted(() -> assertThat(fits).isCompleted());
        }
    }

    @Test
    void failsWhatHasWaitedTooLong() {
        try (RecordSender sender = started(() -> kafka, Map.of("queue-time", "1ns"))) {
            CompletableFuture<RecordMetadata> result = sender.send(record("late"));
            await().until(result::isDone);
            assertFailsWith(result, PublishFailedException.class);
        }
        assertThat(kafka.history()).isEmpty();
    }

    @Test
    void saysWhatKafkaDidNotConfirm() {
        MockProducer<byte[], byte[]> failing =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        try (RecordSender sender = started(() -> failing, Map.of())) {
            CompletableFuture<RecordMetadata> result = sender.send(record("value"));
            await().until(() -> failing.errorNext(new NotEnoughReplicasException("one is away")));
            await().until(result::isDone);
            assertThatThrownBy(result::get)
                    .cause()
                    .isInstanceOf(PublishFailedException.class)
                    .cause()
                    .isInstanceOf(NotEnoughReplicasException.class);
        }
    }

    @Test
    void goesOnAfterAnythingThatTheProducerThrows() {
        AtomicInteger attempts = new AtomicInteger();
        List<Throwable> failures = List.of(
                new IllegalStateException("the host is unknown"),
                new NoClassDefFoundError("pretended"),
                new OutOfMemoryError("pretended"),
                new StackOverflowError("pretended"));
        Supplier<Producer<byte[], byte[]>> producers = () -> {
            int attempt = attempts.getAndIncrement();
            if (attempt < failures.size()) {
                throwUnchecked(failures.get(attempt));
            }
            return kafka;
        };
        try (RecordSender sender = started(producers, Map.of())) {
            for (Throwable failure : failures) {
                CompletableFuture<RecordMetadata> result = sender.send(record("value"));
                await().until(result::isDone);
                assertThatThrownBy(result::get)
                        .cause()
                        .isInstanceOf(PublishFailedException.class)
                        .hasCause(failure);
            }
            CompletableFuture<RecordMetadata> after = sender.send(record("after"));
            await().untilAsserted(() -> assertThat(after).isCompleted());
        }
    }

    @Test
    void failsInsteadOfBlockingWhileNoBrokerIsThere() {
        // Port 1 is reserved, so nobody listens there.
        KafkaClients clients = TestPlatform.clients("127.0.0.1:1");
        try (RecordSender sender = started(
                () -> clients.newProducer("test", new ByteArraySerializer(), new ByteArraySerializer()), Map.of())) {
            CompletableFuture<RecordMetadata> result = sender.send(record("value"));
            await().until(result::isDone);
            assertThatThrownBy(result::get)
                    .cause()
                    .isInstanceOf(PublishFailedException.class)
                    .cause()
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void answersEverySendWhileItIsClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            MockProducer<byte[], byte[]> producer =
                    new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            RecordSender sender = started(() -> producer, Map.of());
            List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
            Thread sending = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 200; i++) {
                    results.add(sender.send(record("value")));
                }
            });
            sender.close();
            sending.join();
            assertThat(results).hasSize(200).allMatch(CompletableFuture::isDone);
            assertFailsWith(sender.send(record("later")), PublishFailedException.class);
        }
    }

    private Producer<byte[], byte[]> hanging() {
        try {
            kafkaAnswers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return kafka;
    }

    private static RecordSender started(Supplier<Producer<byte[], byte[]>> producers, Map<String, String> properties) {
        RecordSender sender = new RecordSender("test", producers, TestPlatform.properties(properties));
        sender.start();
        return sender;
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>("topic", value.getBytes(UTF_8));
    }

    private static void assertFailsWith(CompletableFuture<?> result, Class<? extends Throwable> failure) {
        assertThat(result).isCompletedExceptionally();
        assertThatThrownBy(result::get).cause().isInstanceOf(failure);
    }

    @SuppressWarnings("unchecked") // Throws whatever it is given.
    private static <E extends Throwable> void throwUnchecked(Throwable failure) throws E {
        throw (E) failure;
    }
}
