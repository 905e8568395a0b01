package dev.sluice.gateway.stream;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a reader is: of each partition, the offset that comes next. A partition that is not named is at its start. */
final class Positions {

    private final long[] next;

    private Positions(long[] next) {
        this.next = next;
    }

    static Positions of(long... next) {
        return new Positions(next.clone());
    }

    static Positions of(Map<Integer, Long> byPartition) {
        int highest =
                byPartition.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        long[] next = new long[highest + 1];
        byPartition.forEach((partition, offset) -> next[partition] = offset);
        return new Positions(next);
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
        return new Positions(changed);
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
        return new Positions(later);
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
        return other instanceof Positions positions && Arrays.equals(next, positions.next);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(next);
    }

    @Override
    public String toString() {
        return Arrays.toString(next);
    }
}
