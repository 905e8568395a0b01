package dev.sluice.metrics.percentile;

import java.util.Arrays;

/** Counts of bins that lie side by side, as far as there are any. Grows to either side by at least half of what it has, so that few latencies make it grow. Not thread-safe. */
final class LatencyBins {
    private static final int LEAST = 64;

    private long[] counts = {};

    /** The index of the first count. */
    private int first;

    /** Takes bins that have a count. */
    interface Visitor {
        void bin(int index, long count);
    }

    void add(int index, long more) {
        int at = index - first;
        if (at < 0 || at >= counts.length) {
            reach(index);
            at = index - first;
        }
        counts[at] += more;
    }

    void merge(LatencyBins other) {
        other.forEach(this::add);
    }

    /** In ascending order. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                visitor.bin(first + i, counts[i]);
            }
        }
    }

    /** How many there are from an index on. */
    long countFrom(int index) {
        long sum = 0;
        for (int i = Math.max(0, index - first); i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** The first bin of which with all before it there are more than so many; there must be one. */
    int indexAt(double rank) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += (double) counts[i];
            if (sum > rank) {
                return first + i;
            }
        }
        throw new IllegalStateException("has no more than " + sum + ", so none of rank " + rank);
    }

    private void reach(int index) {
        if (counts.length == 0) {
            counts = new long[LEAST];
            first = index - LEAST / 2;
            return;
        }
        int more = Math.max(LEAST, counts.length / 2);
        int from = index < first ? Math.min(index, first - more) : first;
        int to = index < first ? first + counts.length : Math.max(index + 1, first + counts.length + more);
        long[] grown = new long[to - from];
        System.arraycopy(counts, 0, grown, first - from, counts.length);
        counts = grown;
        first = from;
    }

    @Override
    public String toString() {
        return "LatencyBins[from " + first + ": " + Arrays.toString(counts) + "]";
    }
}
