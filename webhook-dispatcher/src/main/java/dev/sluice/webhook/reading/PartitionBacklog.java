package dev.sluice.webhook.reading;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongPredicate;

/**
 * The records of one partition that were fetched and are not done with: some wait until they are released, in the order
 * of release and then of the log, others are being handled. Bounded by count and bytes. Not thread-safe.
 */
final class PartitionBacklog {

    private final BacklogLimits limits;
    private final ContiguousOffsets offsets = new ContiguousOffsets();
    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparing(Task::releaseAt).thenComparingLong(Task::offset));
    private final LongPredicate done;
    private long bytes;

    /** @param done offsets that whoever read the partition before was done with */
    PartitionBacklog(BacklogLimits limits, LongPredicate done) {
        this.limits = limits;
        this.done = done;
    }

    /** Whether it was done with before the partition was read from here. */
    boolean isDone(long offset) {
        return done.test(offset);
    }

    void add(Task task) {
        offsets.add(task.offset());
        bytes += task.bytes();
        waiting.add(task);
    }

    /** The next task that may be started, if one is due. */
    Optional<Task> pollReleased(Instant now) {
        Task head = waiting.peek();
        if (head == null || head.releaseAt().isAfter(now)) {
            return Optional.empty();
        }
        waiting.remove();
        return Optional.of(head);
    }

    /** A started task is done with. */
    void complete(Task task) {
        offsets.complete(task.offset());
        bytes -= task.bytes();
    }

    /** A started task failed and waits again. */
    void postpone(Task task, Instant releaseAt) {
        waiting.add(task.releasedAt(releaseAt));
    }

    /** When the next waiting task is released. */
    Optional<Instant> nextRelease() {
        return Optional.ofNullable(waiting.peek()).map(Task::releaseAt);
    }

    /** Whether no more should be fetched for now. */
    boolean full() {
        return offsets.size() >= limits.records() || bytes >= limits.bytes();
    }

    /** Records fetched and not yet committable. */
    int size() {
        return offsets.size();
    }

    /** Whether every task that was started is done with. */
    boolean idle() {
        return offsets.incomplete() == waiting.size();
    }

    /** Whether something was done with that no commit tells. */
    boolean moved() {
        return offsets.moved();
    }

    Optional<Progress> committable() {
        return offsets.committable();
    }

    void markCommitted() {
        offsets.markCommitted();
    }

    /** The last commit did not reach Kafka. */
    void forgetCommit() {
        offsets.forgetCommit();
    }
}
