package dev.sluice.webhook.replay;

import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has come: which part of the log it reads, where it is in each partition, and what became of what it read. It stands
 * in the counts of the job's progress, so that whoever takes the job up goes on there. For one thread.
 */
final class ReplayTally {

    static final String SENT = "sent";
    static final String SKIPPED = "skipped";

    private static final String NEXT = "next.";
    private static final String END = "end.";

    private final Map<Integer, Long> next = new TreeMap<>();
    private final Map<Integer, Long> ends = new TreeMap<>();
    private long sent;
    private long skipped;
    private long unreadable;
    private @Nullable Long total;

    /** Goes on where others were. */
    ReplayTally(JobProgress before) {
        before.getCounts().forEach((name, value) -> {
            if (name.startsWith(NEXT)) {
                next.put(Integer.parseInt(name.substring(NEXT.length())), value);
            } else if (name.startsWith(END)) {
                ends.put(Integer.parseInt(name.substring(END.length())), value);
            }
        });
        sent = before.getCounts().getOrDefault(SENT, 0L);
        skipped = before.getCounts().getOrDefault(SKIPPED, 0L);
        unreadable = before.getFailed();
        total = before.getTotal();
    }

    /** Whether it is known which part of the log is to be read. */
    boolean isLaidOut() {
        return total != null;
    }

    /** Lays down which part of the log is to be read, once for all who work on the job. */
    void layOut(Map<Integer, Long> starts, Map<Integer, Long> endings) {
        long records = 0;
        for (Map.Entry<Integer, Long> start : starts.entrySet()) {
            long end = endings.getOrDefault(start.getKey(), 0L);
            if (end > start.getValue()) {
                next.put(start.getKey(), start.getValue());
                ends.put(start.getKey(), end);
                records += end - start.getValue();
            }
        }
        total = records;
    }

    /** Where to go on in each partition that is not at its end. */
    Map<Integer, Long> open() {
        Map<Integer, Long> open = new TreeMap<>(next);
        open.entrySet().removeIf(entry -> isDone(entry.getKey(), entry.getValue()));
        return open;
    }

    boolean isDone(int partition, long offset) {
        return offset >= ends.getOrDefault(partition, 0L);
    }

    void sent() {
        sent++;
    }

    void skipped() {
        skipped++;
    }

    void unreadable() {
        unreadable++;
    }

    /** Everything of the partition before the offset need not be read again. Never goes back. */
    void settled(int partition, long offset) {
        next.merge(partition, Math.min(offset, ends.getOrDefault(partition, 0L)), Math::max);
    }

    JobProgress progress(JobProgress before, JobState state, @Nullable String message, Instant at) {
        Map<String, Long> counts = new HashMap<>();
        counts.put(SENT, sent);
        counts.put(SKIPPED, skipped);
        next.forEach((partition, offset) -> counts.put(NEXT + partition, offset));
        ends.forEach((partition, offset) -> counts.put(END + partition, offset));
        return JobProgress.newBuilder(before)
                .setState(state)
                .setDone(done())
                .setTotal(total)
                .setFailed(unreadable)
                .setCounts(counts)
                .setMessage(message)
                .setAt(at)
                .build();
    }

    /** Records that need not be read again: what is compacted or expired counts as read. */
    private long done() {
        long left = open().entrySet().stream()
                .mapToLong(entry -> ends.getOrDefault(entry.getKey(), 0L) - entry.getValue())
                .sum();
        return total == null ? 0 : total - left;
    }
}
