package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The life of a reader: when it starts, what it survives, how it stops. */
class TopicReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final ReaderSettings SETTINGS = new ReaderSettings(
            "test",
            "group",
            List.of("t"),
            BacklogLimits.DEFAULT,
            /* drain= */ Duration.ofSeconds(20),
            ReaderSettings.Pace.PROMPT);

    private final List<MockConsumer<byte[], byte[]>> consumers = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> started = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> startWhen = new CompletableFuture<>();
    private final TopicReader reader = new TopicReader(
            SETTINGS, this::newConsumer, this::taskFor, new PartitionListener() {}, startWhen, InstantSource.system());

    @Test
    void waitsForWhatItNeedsAndSaysSo() {
        reader.start();
        assertThat(reader.waitingFor()).contains("tables");
        assertThat(consumers).isEmpty();

        startWhen.complete(null);
        await().atMost(PATIENCE).until(() -> consumers.size() == 1);
        assertThat(reader.waitingFor()).contains("group");
        join();
        await().atMost(PATIENCE).until(() -> reader.waitingFor().isEmpty());
        reader.stop();
        assertThat(reader.isRunning()).isFalse();
        assertThat(consumers.getFirst().closed()).isTrue();
    }

    @Test
    void stopsBeforeItEverStarted() {
        reader.start();
        reader.stop();

        assertThat(reader.isRunning()).isFalse();
        assertThat(consumers).isEmpty();
    }

    @Test
    void makesANewConsumerWhateverTheOldOneDiedOf() {
        startWhen.complete(null);
        reader.start();
        await().atMost(PATIENCE).until(() -> consumers.size() == 1);
        consumers.getFirst().setPollException(new KafkaException("fenced"));

        await().atMost(PATIENCE).until(() -> consumers.size() == 2);
        assertThat(consumers.getFirst().closed()).isTrue();
        assertThat(reader.isRunning()).isTrue();
        reader.stop();
    }

    @Test
    void stoppingReturnsAtOnceAndTellsWhenStartedRecordsAreDone() throws Exception {
        startWhen.complete(null);
        reader.start();
        join();
        consumers
                .getFirst()
                .schedulePollTask(() ->
                        consumers.getFirst().addRecord(new ConsumerRecord<>("t", 0, 0, new byte[0], new byte[1])));
        await().atMost(PATIENCE).until(() -> started.size() == 1);

        CompletableFuture<Void> stopped = new CompletableFuture<>();
        reader.stop(() -> stopped.complete(null));
        assertThat(stopped).as("a record is at work").isNotDone();

        started.getFirst().complete(null);
        stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(reader.isRunning()).isFalse();
    }

    private Consumer<byte[], byte[]> newConsumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumers.add(consumer);
        return consumer;
    }

    /** The group lets the newest consumer in. */
    private void join() {
        await().atMost(PATIENCE)
                .until(() -> !consumers.isEmpty()
                        && consumers.getLast().subscription().contains("t"));
        MockConsumer<byte[], byte[]> consumer = consumers.getLast();
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(PARTITION)));
    }

    private Task taskFor(ConsumerRecord<byte[], byte[]> raw) {
        return new Task(raw.offset(), 1, java.time.Instant.MIN, () -> {
            CompletableFuture<Void> work = new CompletableFuture<>();
            started.add(work);
            return work;
        });
    }
}
