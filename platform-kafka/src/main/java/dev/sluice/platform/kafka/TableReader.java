package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic, from the beginning or from where they end at start, for ever, on one thread and
 * without a group. Knows when it has reached the end and how long ago that was: now and then it asks for the end offsets,
 * reads on meanwhile, and notes the moment as soon as it has passed them.
 */
final class TableReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Where to begin and how often to ask for the end. */
    enum Mode {
        /** Reads what is there; a second of doubt is nothing to a table. */
        FROM_BEGINNING(1_000_000_000),
        /** Reads what comes; whoever acts on it wants to know soon that nothing has. */
        FROM_END(300_000_000);

        private final long checkNanos;

        Mode(long checkNanos) {
            this.checkNanos = checkNanos;
        }
    }

    /** What is done with what is read; called on the thread of the reader. */
    interface Sink {
        /** Before each poll, also while there is nothing to read. */
        void idle();

        void accept(ConsumerRecord<byte[], byte[]> record);

        /** Once: everything was read that was there at start. */
        void loaded();
    }

    private final KafkaClients clients;
    private final LogEnds ends;
    private final String topic;
    private final Mode mode;
    private final Sink sink;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<CompletableFuture<Void>> refreshes = new ConcurrentLinkedQueue<>();

    /** Written by the reader's thread alone. */
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();

    private boolean loaded;
    private @Nullable Question question;
    private @Nullable Checkpoint checkpoint;
    private long nextCheck;
    private volatile long completeAt = System.nanoTime();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    TableReader(
            KafkaClients clients,
            LogEnds ends,
            String topic,
            Mode mode,
            CompletableFuture<Void> topicReady,
            Sink sink) {
        this.clients = clients;
        this.ends = ends;
        this.topic = topic;
        this.mode = mode;
        this.sink = sink;
        this.thread = Thread.ofPlatform().name("table-" + topic).daemon().unstarted(() -> run(topicReady));
    }

    void start() {
        thread.start();
    }

    Duration staleness() {
        return Duration.ofNanos(System.nanoTime() - completeAt);
    }

    /** The offset of each partition that is read next; a record counts as read from before it is accepted. A copy. */
    Map<Integer, Long> positions() {
        return positions.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
    }

    /** Completes, on the reader's thread, once it has read everything that is in the log by now. */
    CompletableFuture<Void> refresh() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        refreshes.add(done);
        wakeUp();
        return done;
    }

    /** Ends the poll that it may be in. */
    private void wakeUp() {
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Consumer<byte[], byte[]> current = consumer;
        if (current == null) {
            thread.interrupt();
        } else {
            // An interrupted consumer cannot say goodbye to its broker, and logs that as an error.
            current.wakeup();
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run(CompletableFuture<Void> topicReady) {
        try {
            topicReady.get();
            while (!isClosed()) {
                try {
                    follow();
                } catch (RuntimeException | Error e) {
                    if (isClosed()) {
                        return;
                    }
                    LOG.warn("reading {} failed and starts again where it was", topic, e);
                    closed.await(1, TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("{} is never ready", topic, e);
        }
    }

    private void follow() {
        try (Consumer<byte[], byte[]> opened =
                clients.newConsumer("table-" + topic, null, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitionsOf(opened);
            opened.assign(partitions);
            seek(opened, partitions);
            askAnew();
            nextCheck = System.nanoTime();
            consumer = opened;
            while (!isClosed()) {
                step(opened, partitions);
            }
        } finally {
            consumer = null;
        }
    }

    /** Where it was before, so that nothing is missed in between; at the first time where the mode says. */
    private void seek(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        if (mode == Mode.FROM_END && positions.isEmpty()) {
            positions.putAll(opened.endOffsets(partitions));
        }
        partitions.forEach(partition -> opened.seek(partition, positions.getOrDefault(partition, 0L)));
    }

    private void step(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        try {
            sink.idle();
            ask(partitions);
            settle();
            for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
                // First, so that a record which kills its reader is not read again.
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                sink.accept(record);
            }
            partitions.forEach(partition -> positions.put(partition, opened.position(partition)));
            settle();
        } catch (WakeupException e) {
            LOG.trace("there is something to do for {}", topic);
        } catch (RetriableException e) {
            LOG.debug("Kafka does not answer for {}", topic, e);
        }
    }

    private List<TopicPartition> partitionsOf(Consumer<byte[], byte[]> opened) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo partition : opened.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, partition.partition()));
        }
        if (partitions.isEmpty()) {
            throw new IllegalStateException("topic " + topic + " is not there");
        }
        return partitions;
    }

    /** Asks for the end offsets when it is time to, or when somebody waits for them, and takes a note of the answer. */
    private void ask(List<TopicPartition> partitions) {
        Question asked = question;
        // Whoever waits by now may wait for more than was there when that was asked.
        if (asked != null && (refreshes.isEmpty() || !asked.waiting.isEmpty())) {
            hear(asked);
            return;
        }
        long now = System.nanoTime();
        if (checkpoint != null || (now - nextCheck < 0 && refreshes.isEmpty())) {
            return;
        }
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (CompletableFuture<Void> next = refreshes.poll(); next != null; next = refreshes.poll()) {
            waiting.add(next);
        }
        nextCheck = now + mode.checkNanos;
        Question next = new Question(now, ends.fetch(partitions), waiting);
        question = next;
        if (!loaded || !waiting.isEmpty()) {
            // After a failure it is asked again with the next poll, which takes its time.
            CompletableFuture<?> _ = next.ends.thenRun(this::wakeUp);
        }
    }

    private void hear(Question asked) {
        if (!asked.ends.isDone()) {
            return;
        }
        question = null;
        if (asked.ends.isCompletedExceptionally()) {
            LOG.debug("Kafka does not say where {} ends", topic, asked.ends.exceptionNow());
            refreshes.addAll(asked.waiting);
            nextCheck = System.nanoTime();
            return;
        }
        checkpoint = new Checkpoint(asked.at, asked.ends.join(), asked.waiting);
    }

    /** Whoever waits goes on to wait. */
    private void askAnew() {
        if (question != null) {
            refreshes.addAll(question.waiting);
        }
        if (checkpoint != null) {
            refreshes.addAll(checkpoint.waiting);
        }
        question = null;
        checkpoint = null;
    }

    private void settle() {
        Checkpoint reached = checkpoint;
        if (reached == null || !reached.isReachedBy(positions)) {
            return;
        }
        checkpoint = null;
        completeAt = reached.takenAt;
        if (!loaded) {
            loaded = true;
            sink.loaded();
        }
        reached.waiting.forEach(done -> done.complete(null));
    }

    private record Question(
            long at, CompletableFuture<Map<TopicPartition, Long>> ends, List<CompletableFuture<Void>> waiting) {}

    private record Checkpoint(long takenAt, Map<TopicPartition, Long> ends, List<CompletableFuture<Void>> waiting) {
        boolean isReachedBy(Map<TopicPartition, Long> positions) {
            return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
        }
    }
}
