package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
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
 * without a group. Knows when it has reached the end and how long ago that was: the end offsets are asked for again and again,
 * it reads on meanwhile, and notes the moment as soon as it has passed them. Where nothing is written and nobody waits, it sleeps.
 *
 * <p>A topic that was deleted and made anew has other records at the same offsets. Kafka's consumer goes to the beginning of
 * such a topic if that is shorter than where it stood, and else goes on in the midst of it; so the id of the topic is asked
 * for with the end offsets, and again whenever a position becomes smaller.
 */
final class TableReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);
    /** How often it looks after what somebody waits for; records and answers end the wait. */
    private static final Duration SHORT_POLL = Duration.ofMillis(100);

    /** Otherwise records do, and whoever wants something: a process reads a dozen logs, of which most say nothing for hours. */
    private static final Duration LONG_POLL = Duration.ofMinutes(5);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** What is done with what is read; called on the thread of the reader. */
    interface Sink {
        /** Before each poll, and when somebody has woken the reader up. */
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
    private volatile LogProgress log = LogProgress.UNKNOWN;

    private boolean setBack;
    private boolean loaded;
    private @Nullable Question question;
    private @Nullable Checkpoint checkpoint;
    private boolean toAsk;

    private final AtomicLong completeAt = new AtomicLong(System.nanoTime());
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
        return Duration.ofNanos(System.nanoTime() - completeAt.get());
    }

    /** The offset of each partition that is read next; a record counts as read from before it is accepted. */
    LogPosition position() {
        return log.position();
    }

    /** Completes, on the reader's thread, once it has read everything that is in the log by now. */
    CompletableFuture<Void> refresh() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        refreshes.add(done);
        wakeUp();
        return done;
    }

    /** Ends the poll that it may be in. */
    void wakeUp() {
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
        Consumer<byte[], byte[]> opened = newConsumer();
        try {
            List<TopicPartition> partitions = partitionsOf(opened);
            opened.assign(partitions);
            seek(opened, partitions);
            askAnew();
            consumer = opened;
            LogProgress followed = log;
            try (EndsWatch.Watched _ =
                    ends.watch().watch(start.check(), partitions, watchedTopic(), answer -> hear(followed, answer))) {
                while (!isClosed() && !setBack) {
                    step(opened, partitions);
                }
            }
        } finally {
            consumer = null;
            // Its last fetch waits for records that may not come, and the broker hears of nothing behind it.
            opened.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** A table would not know what to forget; nor is it worth asking for all of them each second. */
    private Optional<String> watchedTopic() {
        return start instanceof LogStart.Beginning ? Optional.empty() : Optional.of(topic);
    }

    private Consumer<byte[], byte[]> newConsumer() {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return start.gathering().isZero()
                ? clients.newFollowingConsumer("table-" + topic, bytes, bytes)
                : clients.newBulkConsumer("table-" + topic, start.gathering(), bytes, bytes);
    }

    /** Where it was before, so that nothing is missed in between; at the first time where it is to start. */
    private void seek(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        LogProgress before = log;
        LogProgress now = new LogProgress(ends.fetchTopicId(topic).get());
        if (before.isUnknown()) {
            now.begin(start.positions(opened, partitions));
        } else if (before.isOf(now)) {
            now.begin(stillThere(before, opened, partitions));
        }
        log = now;
        partitions.forEach(partition -> opened.seek(partition, now.at(partition)));
        setBack = false;
        if (!before.isUnknown() && now.isBehind(before)) {
            LOG.warn("{} was made anew or has lost records; it is read from {} on", topic, now.positions());
            sink.setBack();
        }
    }

    /** A table that was set back reads all of it again; whoever reads what comes goes on at the end, if that is earlier. */
    private Map<TopicPartition, Long> stillThere(
            LogProgress before, Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        if (!start.isEnd()) {
            return setBack ? Map.of() : before.positions();
        }
        return opened.endOffsets(partitions).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> Math.min(before.at(end.getKey()), end.getValue())));
    }

    private void step(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        try {
            sink.idle();
            if (log.hasEnded()) {
                setBack = true;
                return;
            }
            ask(partitions);
            settle();
            ConsumerRecords<byte[], byte[]> records = opened.poll(isWaitedFor() ? SHORT_POLL : LONG_POLL);
            if (isSetBack(records)) {
                setBack = true;
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                log.begin(new TopicPartition(record.topic(), record.partition()), record.offset());
                sink.accept(record);
            }
            // Not before: this may fail, and what was polled would be lost.
            partitions.forEach(partition -> passOn(partition, opened.position(partition)));
            if (!setBack) {
                settle();
                noteEnd(log);
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
        log.pass(partition, next);
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

    /** On the thread of whoever answers. */
    private void hear(LogProgress followed, EndsWatch.Answer answer) {
        followed.tell(answer);
        noteEnd(followed);
        if (followed.hasEnded()) {
            wakeUp();
        }
    }

    private void noteEnd(LogProgress followed) {
        Long complete = followed.completeAt();
        if (complete != null) {
            completeAt.accumulateAndGet(complete, TableReader::later);
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private boolean isWaitedFor() {
        return toAsk || question != null || checkpoint != null || !refreshes.isEmpty();
    }

    /** Asks for the end offsets when somebody waits for them, and takes a note of the answer. */
    private void ask(List<TopicPartition> partitions) {
        Question asked = question;
        // Whoever waits by now may wait for more than was there when that was asked.
        if (asked != null && (refreshes.isEmpty() || !asked.waiting.isEmpty())) {
            hear(asked);
            return;
        }
        if (checkpoint != null || (!toAsk && refreshes.isEmpty())) {
            return;
        }
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (CompletableFuture<Void> next = refreshes.poll(); next != null; next = refreshes.poll()) {
            waiting.add(next);
        }
        toAsk = false;
        Question next = new Question(System.nanoTime(), ends.fetch(partitions), askForTopicId(), waiting);
        question = next;
        // After a failure it is asked again with the next poll, which takes its time.
        CompletableFuture<?> _ =
                CompletableFuture.allOf(next.ends, next.topicId).thenRun(this::wakeUp);
    }

    private CompletableFuture<String> askForTopicId() {
        return watchedTopic().map(ends::fetchTopicId).orElseGet(() -> CompletableFuture.completedFuture(log.topicId()));
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
            toAsk = true;
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
        toAsk = true;
    }

    private void settle() {
        Checkpoint reached = checkpoint;
        if (reached == null || !log.hasRead(reached.ends)) {
            return;
        }
        checkpoint = null;
        completeAt.accumulateAndGet(reached.takenAt, TableReader::later);
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

    private record Checkpoint(long takenAt, Map<TopicPartition, Long> ends, List<CompletableFuture<Void>> waiting) {}
}
