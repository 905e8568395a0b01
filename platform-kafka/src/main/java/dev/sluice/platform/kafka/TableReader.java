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
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic, from the beginning, from a time or from where they end at start, for ever, on one thread and
 * without a group. Knows when it has reached the end and how long ago that was: now and then it asks for the end offsets,
 * reads on meanwhile, and notes the moment as soon as it has passed them.
 *
 * <p>A topic that was deleted and made anew has other records at the same offsets. Kafka's consumer goes to the beginning of
 * such a topic if that is shorter than where it stood, and else goes on in the midst of it; so the id of the topic is asked
 * for with the end offsets, and again whenever a position becomes smaller.
 */
final class TableReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** What is done with what is read; called on the thread of the reader. */
    interface Sink {
        /** Before each poll, also while there is nothing to read. */
        void idle();

        void accept(ConsumerRecord<byte[], byte[]> record);

        /** The log is shorter than it was, or another one; {@link TableReader#position} tells from where it is read now. */
        void setBack();

        /** Once: everything was read that was there at start. */
        void loaded();
    }

    private final KafkaClients clients;
    private final LogEnds ends;
    private final String topic;
    private final LogStart start;
    private final Sink sink;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<CompletableFuture<Void>> refreshes = new ConcurrentLinkedQueue<>();

    /** Written by the reader's thread alone. */
    private volatile Log log = Log.UNKNOWN;

    private boolean setBack;
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
            LogStart start,
            CompletableFuture<Void> topicReady,
            Sink sink) {
        this.clients = clients;
        this.ends = ends;
        this.topic = topic;
        this.start = start;
        this.sink = sink;
        this.thread = Thread.ofPlatform().name("table-" + topic).daemon().unstarted(() -> run(topicReady));
    }

    void start() {
        thread.start();
    }

    Duration staleness() {
        return Duration.ofNanos(System.nanoTime() - completeAt);
    }

    /** The offset of each partition that is read next; a record counts as read from before it is accepted. */
    LogPosition position() {
        Log current = log;
        return new LogPosition(
                current.topicId(),
                current.positions().entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue)));
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
                } catch (ExecutionException | RuntimeException | Error e) {
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

    private void follow() throws InterruptedException, ExecutionException {
        try (Consumer<byte[], byte[]> opened = newConsumer()) {
            List<TopicPartition> partitions = partitionsOf(opened);
            opened.assign(partitions);
            seek(opened, partitions);
            askAnew();
            nextCheck = System.nanoTime();
            consumer = opened;
            while (!isClosed() && !setBack) {
                step(opened, partitions);
            }
        } finally {
            consumer = null;
        }
    }

    private Consumer<byte[], byte[]> newConsumer() {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return start.gathering().isZero()
                ? clients.newConsumer("table-" + topic, null, bytes, bytes)
                : clients.newBulkConsumer("table-" + topic, start.gathering(), bytes, bytes);
    }

    /** Where it was before, so that nothing is missed in between; at the first time where it is to start. */
    private void seek(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        Log before = log;
        Log now = new Log(ends.fetchTopicId(topic).get(), new ConcurrentHashMap<>());
        if (before.equals(Log.UNKNOWN)) {
            now.positions().putAll(start.positions(opened, partitions));
        } else if (before.topicId().equals(now.topicId())) {
            now.positions().putAll(stillThere(before, opened, partitions));
        }
        log = now;
        partitions.forEach(partition -> opened.seek(partition, now.at(partition)));
        setBack = false;
        if (!before.equals(Log.UNKNOWN) && now.isBehind(before)) {
            LOG.warn("{} was made anew or has lost records; it is read from {} on", topic, now.positions());
            sink.setBack();
        }
    }

    /** A table that was set back reads all of it again; whoever reads what comes goes on at the end, if that is earlier. */
    private Map<TopicPartition, Long> stillThere(
            Log before, Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        if (!start.isEnd()) {
            return setBack ? Map.of() : before.positions();
        }
        return opened.endOffsets(partitions).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> Math.min(before.at(end.getKey()), end.getValue())));
    }

    private void step(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        try {
            sink.idle();
            ask(partitions);
            settle();
            ConsumerRecords<byte[], byte[]> records = opened.poll(POLL);
            if (isSetBack(records)) {
                setBack = true;
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                // First, so that a record which kills its reader is not read again.
                log.positions().put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                sink.accept(record);
            }
            // Not before: this may fail, and what was polled would be lost.
            partitions.forEach(partition -> passOn(partition, opened.position(partition)));
            if (!setBack) {
                settle();
            }
        } catch (WakeupException e) {
            LOG.trace("there is something to do for {}", topic);
        } catch (RetriableException e) {
            LOG.debug("Kafka does not answer for {}", topic, e);
        }
    }

    private boolean isSetBack(ConsumerRecords<byte[], byte[]> records) {
        return records.partitions().stream()
                .anyMatch(partition -> records.records(partition).getFirst().offset() < log.at(partition));
    }

    /** Behind the marks of transactions, which are no records. */
    private void passOn(TopicPartition partition, long next) {
        if (next < log.at(partition)) {
            setBack = true;
            return;
        }
        log.positions().put(partition, next);
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
        nextCheck = now + start.checkNanos();
        Question next = new Question(now, ends.fetch(partitions), askForTopicId(), waiting);
        question = next;
        if (!loaded || !waiting.isEmpty()) {
            // After a failure it is asked again with the next poll, which takes its time.
            CompletableFuture<?> _ =
                    CompletableFuture.allOf(next.ends, next.topicId).thenRun(this::wakeUp);
        }
    }

    /** A table would not know what to forget; nor is it worth asking for all of them each second. */
    private CompletableFuture<String> askForTopicId() {
        return start instanceof LogStart.Beginning
                ? CompletableFuture.completedFuture(log.topicId())
                : ends.fetchTopicId(topic);
    }

    private void hear(Question asked) {
        if (!asked.ends.isDone() || !asked.topicId.isDone()) {
            return;
        }
        question = null;
        // A topic that is not there is no other one yet.
        if (!asked.topicId.isCompletedExceptionally() && !asked.topicId.join().equals(log.topicId())) {
            setBack = true;
            refreshes.addAll(asked.waiting);
            return;
        }
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
        if (reached == null || !reached.isReachedBy(log)) {
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
            long at,
            CompletableFuture<Map<TopicPartition, Long>> ends,
            CompletableFuture<String> topicId,
            List<CompletableFuture<Void>> waiting) {}

    private record Checkpoint(long takenAt, Map<TopicPartition, Long> ends, List<CompletableFuture<Void>> waiting) {
        boolean isReachedBy(Log log) {
            return ends.entrySet().stream().allMatch(end -> log.at(end.getKey()) >= end.getValue());
        }
    }

    /** Which log it is, and what is read next of each partition. */
    private record Log(String topicId, Map<TopicPartition, Long> positions) {
        private static final Log UNKNOWN = new Log("", Map.of());

        long at(TopicPartition partition) {
            return positions.getOrDefault(partition, 0L);
        }

        boolean isBehind(Log other) {
            return !topicId.equals(other.topicId)
                    || other.positions.entrySet().stream().anyMatch(entry -> at(entry.getKey()) < entry.getValue());
        }
    }
}
