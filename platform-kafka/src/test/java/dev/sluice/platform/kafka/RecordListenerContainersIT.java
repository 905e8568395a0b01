package dev.sluice.platform.kafka;

import static dev.sluice.platform.kafka.HostileRecords.good;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.support.Acknowledgment;

class RecordListenerContainersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopicDescriptor<DomainEvent> topic = TestPlatform.topic(DomainEvent.class, Cleanup.DELETE);
    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void topicIsThere() {
        platform.provisioner.ready().join();
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void copiesHostileRecordsByteForByteAndGoesOn() throws Exception {
        platform.containers.listen(
                topic, "group", record -> handled.add(record.value().getId()));
        platform.containers.start();
        survivesHostileRecords();
    }

    @Test
    void copiesHostileRecordsOfABatchByteForByteAndGoesOn() throws Exception {
        platform.containers.listenBatches(
                topic,
                "group",
                records -> records.forEach(r -> handled.add(r.value().getId())));
        platform.containers.start();
        survivesHostileRecords();
    }

    @Test
    void copiesHostileRecordsOfAnAcknowledgingListenerByteForByteAndGoesOn() throws Exception {
        platform.containers.listenAcknowledging(topic, "group", (record, acknowledgment) -> {
            handled.add(record.value().getId());
            acknowledgment.acknowledge();
        });
        platform.containers.start();
        survivesHostileRecords();
    }

    private void survivesHostileRecords() throws Exception {
        List<ProducerRecord<byte[], byte[]>> hostile = HostileRecords.all(topic.name(), Randomness.seeded());
        for (ProducerRecord<byte[], byte[]> record : hostile) {
            platform.sendRaw(record);
        }
        send("after");
        await().atMost(PATIENCE).until(() -> handled.contains("after"));
        assertThat(handled).containsExactly("after");
        List<ConsumerRecord<byte[], byte[]>> copies = platform.readAll(topic.poisonName());
        assertThat(copies).hasSameSizeAs(hostile);
        for (int i = 0; i < hostile.size(); i++) {
            assertSameBytes(copies.get(i), hostile.get(i), i);
        }
        assertThat(platform.containers.states()).containsValue(true).doesNotContainValue(false);
        assertThat(platform.count("sluice.kafka.listener.restarts")).isZero();
        assertThat(platform.count("sluice.kafka.poison")).isEqualTo(hostile.size());
    }

    private void assertSameBytes(ConsumerRecord<byte[], byte[]> copy, ProducerRecord<byte[], byte[]> sent, int index) {
        assertThat(copy.key()).as("key of record %s", index).isEqualTo(sent.key());
        assertThat(copy.value()).as("value of record %s", index).isEqualTo(sent.value());
        Header[] before = sent.headers().toArray();
        Header[] after = copy.headers().toArray();
        assertThat(Arrays.copyOf(after, before.length))
                .as("headers of record %s", index)
                .isEqualTo(before);
        assertThat(header(copy, PoisonHeaders.TOPIC)).isEqualTo(topic.name());
        assertThat(header(copy, PoisonHeaders.OFFSET)).isEqualTo(String.valueOf(index));
        assertThat(header(copy, PoisonHeaders.ERROR)).isNotBlank().doesNotContain("\n");
    }

    @Test
    void notesARecordThatNoRequestCouldCarryAndGoesOn() throws Exception {
        platform.containers.listen(
                topic, "group", record -> handled.add(record.value().getId()));
        platform.containers.start();
        byte[] key = "key".getBytes(UTF_8);
        platform.sendUnbounded(new ProducerRecord<>(topic.name(), key, new byte[8 * 1024 * 1024]));
        // More than may ever wait for the producer.
        platform.sendUnbounded(new ProducerRecord<>(topic.name(), key, new byte[40 * 1024 * 1024]));
        send("after");
        await().atMost(PATIENCE).until(() -> handled.contains("after"));
        List<ConsumerRecord<byte[], byte[]>> copies = platform.readAll(topic.poisonName());
        assertThat(copies).hasSize(2).allSatisfy(copy -> {
            assertThat(copy.key()).isEqualTo(key);
            assertThat(copy.value()).isNull();
            assertThat(header(copy, PoisonHeaders.ERROR)).isEqualTo("OVERSIZE");
            assertThat(Integer.parseInt(header(copy, PoisonHeaders.OMITTED))).isGreaterThan(8 * 1024 * 1024);
        });
    }

    @Test
    void doesNotWaitForKafkaToTakeWhatItNeverWill() throws Exception {
        platform.containers.listen(topic, "group", record -> {
            if (record.value().getId().equals("large")) {
                throw new PublishFailedException("pretended", new RecordTooLargeException("pretended"));
            }
            handled.add(record.value().getId());
        });
        platform.containers.start();
        send("large");
        send("after");
        await().atMost(PATIENCE).until(() -> handled.contains("after"));
        assertThat(platform.readAll(topic.poisonName()))
                .extracting(copy -> header(copy, PoisonHeaders.ERROR))
                .containsExactly(RecordTooLargeException.class.getName());
    }

    @Test
    void survivesAListenerThatThrowsErrors() throws Exception {
        platform.containers.listen(topic, "group", record -> {
            switch (record.value().getId()) {
                case "memory" -> throw new OutOfMemoryError("pretended");
                case "stack" -> recurse(record.value());
                case "link" -> throw new NoClassDefFoundError("pretended");
                case "runtime" -> throw new IllegalStateException("pretended");
                case "checked" -> throw new java.io.IOException("pretended");
                default -> handled.add(record.value().getId());
            }
        });
        platform.containers.start();
        for (String id : List.of("first", "memory", "stack", "link", "runtime", "checked", "last")) {
            send(id);
        }
        await().atMost(PATIENCE).until(() -> handled.contains("last"));
        assertThat(handled).containsExactly("first", "last");
        assertThat(platform.readAll(topic.poisonName()))
                .extracting(copy -> header(copy, PoisonHeaders.ERROR))
                .containsExactly(
                        "java.lang.OutOfMemoryError",
                        "java.lang.StackOverflowError",
                        "java.lang.NoClassDefFoundError",
                        "java.lang.IllegalStateException",
                        "java.io.IOException");
        assertThat(platform.count("sluice.kafka.listener.restarts")).isZero();
    }

    @Test
    void blamesOnlyTheRecordOfABatchThatCannotBeHandled() throws Exception {
        IntStream.range(0, 50).forEach(i -> sendQuietly("event " + i));
        platform.containers.listenBatches(topic, "group", records -> {
            for (ConsumerRecord<String, DomainEvent> record : records) {
                if (record.value().getId().equals("event 17")) {
                    throw new OutOfMemoryError("pretended");
                }
            }
            records.forEach(record -> handled.add(record.value().getId()));
        });
        platform.containers.start();
        await().atMost(PATIENCE).until(() -> handled.contains("event 49"));
        assertThat(handled).hasSizeGreaterThanOrEqualTo(49).doesNotContain("event 17");
        assertThat(platform.readAll(topic.poisonName())).hasSize(1);
    }

    @Test
    void waitsWithoutPoisonWhenKafkaIsToBlame() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        platform.containers.listen(topic, "group", record -> {
            if (attempts.incrementAndGet() < 8) {
                throw new PublishFailedException("pretended");
            }
            handled.add(record.value().getId());
        });
        platform.containers.start();
        send("patient");
        await().atMost(PATIENCE).until(() -> handled.contains("patient"));
        assertThat(platform.readAll(topic.poisonName())).isEmpty();
    }

    @Test
    void startsAContainerAgainThatStoppedByItself() throws Exception {
        ConcurrentMessageListenerContainer<byte[], byte[]> container = platform.containers.listen(
                topic, "group", record -> handled.add(record.value().getId()));
        platform.containers.start();
        send("before");
        await().atMost(PATIENCE).until(() -> handled.contains("before"));
        container.stopAbnormally(() -> {});
        send("after");
        await().atMost(PATIENCE).until(() -> handled.contains("after"));
        assertThat(platform.count("sluice.kafka.listener.restarts")).isPositive();
        assertThat(platform.containers.states()).doesNotContainValue(false);
    }

    @Test
    void acknowledgesInAnyOrderFromAnyThread() throws Exception {
        ConcurrentLinkedQueue<Acknowledgment> open = new ConcurrentLinkedQueue<>();
        platform.containers.listenAcknowledging(topic, "group", (record, acknowledgment) -> {
            handled.add(record.value().getId());
            open.add(acknowledgment);
        });
        IntStream.range(0, 10).forEach(i -> sendQuietly("event " + i));
        platform.containers.start();
        await().atMost(PATIENCE).until(() -> handled.size() >= 10);
        List<Acknowledgment> backwards = List.copyOf(open).reversed();
        backwards.forEach(Acknowledgment::acknowledge);
        send("next");
        await().atMost(PATIENCE).until(() -> handled.contains("next"));
        assertThat(handled).hasSize(11);
    }

    @Test
    void startsWhereAnotherStopped() throws Exception {
        platform.containers.listen(
                topic, "group", record -> handled.add(record.value().getId()));
        platform.containers.start();
        send("one");
        await().atMost(PATIENCE).until(() -> handled.contains("one"));
        platform.containers.stop();
        send("two");
        try (TestPlatform next = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic)) {
            next.containers.listen(
                    topic, "group", record -> handled.add(record.value().getId()));
            next.containers.start();
            await().atMost(PATIENCE).until(() -> handled.contains("two"));
        }
        assertThat(handled).containsExactly("one", "two");
    }

    private void send(String id) throws Exception {
        platform.sendRaw(new ProducerRecord<>(topic.name(), "key".getBytes(UTF_8), good(id)));
    }

    private void sendQuietly(String id) {
        try {
            send(id);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private static int recurse(DomainEvent event) {
        return recurse(event) + 1;
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
