package dev.sluice.webhook.reading;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of one consumer: fetch, start what is released, commit what is complete without a gap. A partition with a
 * full backlog is paused, the others go on. All of it runs on one thread; only completions come from others.
 */
final class ReaderLoop implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Nothing is under way and all is committed: records end the wait, and only a stop has to wait for its end. */
    private static final Duration POLL_AT_REST = Duration.ofMillis(500);
    /** A full partition is looked at again after this: completions do not wake the poll. */
    private static final Duration SHORT_POLL = Duration.ofMillis(5);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final ReaderSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Function<ConsumerRecord<byte[], byte[]>, Task> tasks;
    private final PartitionListener partitions;
    private final InstantSource clock;
    private final Map<TopicPartition, PartitionBacklog> backlogs = new HashMap<>();
    private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
    private long lastCommitNanos = System.nanoTime();
    private volatile boolean joined;
    private volatile int pending;
    private volatile int pausedPartitions;

    ReaderLoop(
            ReaderSettings settings,
            Consumer<byte[], byte[]> consumer,
            Function<ConsumerRecord<byte[], byte[]>, Task> tasks,
            PartitionListener partitions,
            InstantSource clock) {
        this.settings = settings;
        this.consumer = consumer;
        this.tasks = tasks;
        this.partitions = partitions;
        this.clock = clock;
    }

    void subscribe() {
        consumer.subscribe(settings.topics(), this);
    }

    /** One round; blocks for a moment when there is nothing to do. */
    void turn() {
        for (ConsumerRecord<byte[], byte[]> raw : consumer.poll(pollTimeout())) {
            PartitionBacklog backlog = backlogs.get(new TopicPartition(raw.topic(), raw.partition()));
            if (backlog != null) {
                backlog.add(backlog.isDone(raw.offset()) ? passing(raw) : tasks.apply(raw));
            }
        }
        backlogs.forEach(this::startReleased);
        applyCompletions();
        pauseAndResume();
        commitNowAndThen();
        pending = backlogs.values().stream().mapToInt(PartitionBacklog::size).sum();
    }

    private Task passing(ConsumerRecord<byte[], byte[]> raw) {
        TopicPartition partition = new TopicPartition(raw.topic(), raw.partition());
        return new Task(raw.offset(), 0, Instant.MIN, () -> {
            partitions.passed(partition, raw.offset());
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Waits for what was started, then commits. Nothing new is started. */
    void drain() {
        giveUp(List.copyOf(backlogs.keySet()));
    }

    /** Whether the group has let this reader in. */
    boolean joined() {
        return joined;
    }

    /** Records fetched and not yet committable. */
    int pending() {
        return pending;
    }

    /** Partitions with a full backlog. */
    int pausedPartitions() {
        return pausedPartitions;
    }

    private Duration pollTimeout() {
        // One that is full of records that only wait for their time needs no looking after.
        if (backlogs.values().stream().anyMatch(backlog -> backlog.full() && !backlog.idle())) {
            return SHORT_POLL;
        }
        boolean rests = backlogs.values().stream().allMatch(backlog -> backlog.idle() && !backlog.moved());
        Duration commit = settings.pace().betweenCommits();
        Duration busy = commit.compareTo(POLL) > 0 ? POLL : commit;
        Duration longest = rests ? POLL_AT_REST : busy;
        Instant now = clock.instant();
        return backlogs.values().stream()
                .flatMap(backlog -> backlog.nextRelease().stream())
                .map(release -> Duration.between(now, release))
                .filter(wait -> wait.compareTo(longest) < 0)
                .min(Duration::compareTo)
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .orElse(longest);
    }

    private void startReleased(TopicPartition partition, PartitionBacklog backlog) {
        Instant now = clock.instant();
        for (var task = backlog.pollReleased(now); task.isPresent(); task = backlog.pollReleased(now)) {
            start(partition, backlog, task.get());
        }
    }

    private void start(TopicPartition partition, PartitionBacklog backlog, Task task) {
        CompletionStage<?> stage;
        try {
            stage = task.work().get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        if (stage.toCompletableFuture().state() == Future.State.SUCCESS) {
            backlog.complete(task);
            return;
        }
        stage.whenComplete((done, failure) -> completions.add(new Completion(partition, backlog, task, failure)));
    }

    private void applyCompletions() {
        for (Completion next = completions.poll(); next != null; next = completions.poll()) {
            apply(next);
        }
    }

    private void apply(Completion completion) {
        // A partition may have gone, and come back as another backlog, while its record was being handled.
        if (backlogs.get(completion.partition()) != completion.backlog()) {
            return;
        }
        if (completion.failure() == null) {
            completion.backlog().complete(completion.task());
            return;
        }
        LOG.warn(
                "{} failed at {}@{} and will try again",
                settings.name(),
                completion.partition(),
                completion.task().offset(),
                completion.failure());
        completion.backlog().postpone(completion.task(), clock.instant().plus(PAUSE_AFTER_FAILURE));
    }

    private void pauseAndResume() {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        backlogs.forEach((partition, backlog) -> (backlog.full() ? pause : resume).add(partition));
        consumer.pause(pause);
        consumer.resume(resume);
        pausedPartitions = pause.size();
    }

    private void commitNowAndThen() {
        if (System.nanoTime() - lastCommitNanos
                < settings.pace().betweenCommits().toNanos()) {
            return;
        }
        lastCommitNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> positions = takeCommittable(backlogs.keySet());
        if (!positions.isEmpty()) {
            consumer.commitAsync(positions, this::committed);
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> positions, @Nullable Exception failure) {
        if (failure == null) {
            return;
        }
        LOG.warn("{} could not commit and will again: {}", settings.name(), failure.toString());
        positions.keySet().stream()
                .map(backlogs::get)
                .filter(backlog -> backlog != null)
                .forEach(PartitionBacklog::forgetCommit);
    }

    private Map<TopicPartition, OffsetAndMetadata> takeCommittable(Collection<TopicPartition> wanted) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (TopicPartition partition : wanted) {
            PartitionBacklog backlog = backlogs.get(partition);
            if (backlog != null) {
                backlog.committable().ifPresent(progress -> {
                    positions.put(partition, new OffsetAndMetadata(progress.position(), progress.metadata()));
                    backlog.markCommitted();
                });
            }
        }
        return positions;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        if (!assigned.isEmpty()) {
            partitions.assigned(assigned, consumer::position);
        }
        Map<TopicPartition, OffsetAndMetadata> left = consumer.committed(Set.copyOf(assigned));
        joined = true;
        assigned.forEach(partition -> backlogs.put(
                partition, new PartitionBacklog(settings.limits(), doneBefore(partition, left.get(partition)))));
    }

    /** Of a topic that was made anew, offsets mean others: then it is not read from where the commit was. */
    private LongPredicate doneBefore(TopicPartition partition, @Nullable OffsetAndMetadata left) {
        return left == null || left.offset() != consumer.position(partition)
                ? offset -> false
                : new Progress(left.offset(), left.metadata()).done();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        giveUp(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        backlogs.keySet().removeAll(lost);
        partitions.lost(lost);
    }

    private void giveUp(Collection<TopicPartition> given) {
        partitions.revoked(given);
        awaitStarted(given);
        Map<TopicPartition, OffsetAndMetadata> positions = takeCommittable(given);
        backlogs.keySet().removeAll(given);
        if (positions.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(positions);
        } catch (KafkaException e) {
            LOG.warn("{} could not commit {}; records will be handled twice", settings.name(), positions, e);
        }
    }

    private void awaitStarted(Collection<TopicPartition> given) {
        long deadline = System.nanoTime() + settings.drain().toNanos();
        while (!idle(given)) {
            try {
                Completion next = completions.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return;
                }
                apply(next);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean idle(Collection<TopicPartition> given) {
        return given.stream().map(backlogs::get).allMatch(backlog -> backlog == null || backlog.idle());
    }

    private record Completion(
            TopicPartition partition,
            PartitionBacklog backlog,
            Task task,
            @Nullable Throwable failure) {}
}
