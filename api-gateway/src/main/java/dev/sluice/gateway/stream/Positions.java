package dev.sluice.gateway.stream;

import dev.sluice.platform.kafka.LogPosition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader is: of each partition of a log, the offset that comes next. A partition that is not named is at its start.
 * A topic that was deleted and made anew is another log; no two of those are compared.
 */
final class Positions {

    private final int log;
    private final long[] next;

    private Positions(int log, long[] next) {
        this.log = log;
        this.next = next;
    }

    /** Of a log without a name. */
    static Positions of(long... next) {
        return new Positions(0, next.clone());
    }

    static Positions of(LogPosition position) {
        CRC32 log = new CRC32();
        log.update(position.topicId().getBytes(StandardCharsets.UTF_8));
        return of(position.next()).inLog((int) log.getValue());
    }

    static Positions of(Map<Integer, Long> byPartition) {
        int highest =
                byPartition.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        long[] next = new long[highest + 1];
        byPartition.forEach((partition, offset) -> next[partition] = offset);
        return new Positions(0, next);
    }

    /** The same offsets in another log. */
    Positions inLog(int another) {
        return new Positions(another, next);
    }

    /** The same offsets in the log of others. */
    Positions inLogOf(Positions others) {
        return inLog(others.log);
    }

    /** Where this log begins, if nothing of it was deleted. */
    Positions start() {
        return new Positions(log, new long[next.length]);
    }

    int log() {
        return log;
    }

    boolean isInLogOf(Positions other) {
        return log == other.log;
    }

    int partitions() {
        return next.length;
    }

    long at(int partition) {
        return partition < next.length ? next[partition] : 0;
    }

    /** These, with one partition at another offset. */
    Positions with(int partition, long offset) {
        long[] changed = Arrays.copyOf(next, Math.max(next.length, partition + 1));
        changed[partition] = offset;
        return new Positions(log, changed);
    }

    /** Of each partition the later one of the two. */
    Positions max(Positions other) {
        if (covers(other)) {
            return this;
        }
        long[] later = Arrays.copyOf(next, Math.max(next.length, other.next.length));
        for (int partition = 0; partition < other.next.length; partition++) {
            later[partition] = Math.max(later[partition], other.next[partition]);
        }
        return new Positions(log, later);
    }

    /** Of each partition the earlier one of the two. */
    Positions min(Positions other) {
        long[] earlier = new long[next.length];
        for (int partition = 0; partition < next.length; partition++) {
            earlier[partition] = Math.min(next[partition], other.at(partition));
        }
        return new Positions(log, earlier);
    }

    /** Whether no partition is behind the other's. */
    boolean covers(Positions other) {
        return recordsTo(other) == 0;
    }

    /** At most how many records lie between here and there, all partitions together. */
    long recordsTo(Positions there) {
        long records = 0;
        for (int partition = 0; partition < there.next.length; partition++) {
            records += Math.max(0, there.next[partition] - at(partition));
        }
        return records;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Positions positions && log == positions.log && Arrays.equals(next, positions.next);
    }

    @Override
    public int hashCode() {
        return 31 * log + Arrays.hashCode(next);
    }

    @Override
    public String toString() {
        return Arrays.toString(next);
    }
}
