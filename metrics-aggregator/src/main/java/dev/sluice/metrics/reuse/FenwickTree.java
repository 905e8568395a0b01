package dev.sluice.metrics.reuse;

import java.util.Arrays;

/**
 * Numbers in slots, of which the sum of the first so many is known in O(log n) (P. Fenwick, "A New Data Structure for Cumulative Frequency
 * Tables", 1994). Not thread-safe.
 */
final class FenwickTree {
    private final long[] sums;
    private long total;

    FenwickTree(int slots) {
        this.sums = new long[slots + 1];
    }

    void add(int slot, long more) {
        total += more;
        for (int i = slot + 1; i < sums.length; i += i & -i) {
            sums[i] += more;
        }
    }

    /** The sum of this slot and those before it. */
    long upTo(int slot) {
        long sum = 0;
        for (int i = slot + 1; i > 0; i -= i & -i) {
            sum += sums[i];
        }
        return sum;
    }

    /** The sum of all slots after this one. */
    long after(int slot) {
        return total - upTo(slot);
    }

    void clear() {
        Arrays.fill(sums, 0);
        total = 0;
    }
}
