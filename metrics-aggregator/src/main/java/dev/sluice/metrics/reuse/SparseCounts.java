package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sum for each bucket, most of which are zero. A sum that would overflow stays at the most. Not thread-safe.
 *
 * <p>Encoding: how many are not zero, of each how many buckets lie before it since the last, and the sum.
 */
final class SparseCounts {
    private final long[] sums;

    SparseCounts(int buckets) {
        this.sums = new long[buckets];
    }

    void add(int bucket, long more) {
        sums[bucket] = saturatedSum(sums[bucket], more);
    }

    long sum(int bucket) {
        return sums[bucket];
    }

    long total() {
        return Arrays.stream(sums).reduce(0, SparseCounts::saturatedSum);
    }

    void merge(SparseCounts other) {
        for (int bucket = 0; bucket < sums.length; bucket++) {
            add(bucket, other.sums[bucket]);
        }
    }

    void encode(CompactWriter out) {
        int filled = 0;
        for (long sum : sums) {
            filled += sum == 0 ? 0 : 1;
        }
        out.writeCount(filled);
        int last = 0;
        for (int bucket = 0; bucket < sums.length; bucket++) {
            if (sums[bucket] != 0) {
                out.writeCount(bucket - last).writeCount(sums[bucket]);
                last = bucket;
            }
        }
    }

    static SparseCounts decode(CompactReader in, int buckets) {
        SparseCounts counts = new SparseCounts(buckets);
        long bucket = 0;
        for (long left = in.readCount(); left > 0; left--) {
            bucket += in.readCount();
            if (bucket >= buckets) {
                throw new MalformedBytesException("has bucket " + bucket + " of " + buckets);
            }
            counts.add((int) bucket, in.readCount());
        }
        return counts;
    }

    /**
     * What was encoded with other buckets.
     *
     * @param known so many
     * @param now where each of them lies among these
     */
    static SparseCounts decode(CompactReader in, int buckets, int known, IntUnaryOperator now) {
        SparseCounts read = decode(in, known);
        SparseCounts counts = new SparseCounts(buckets);
        for (int bucket = 0; bucket < known; bucket++) {
            counts.add(now.applyAsInt(bucket), read.sums[bucket]);
        }
        return counts;
    }

    static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SparseCounts that && Arrays.equals(sums, that.sums);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return Arrays.toString(sums);
    }
}
