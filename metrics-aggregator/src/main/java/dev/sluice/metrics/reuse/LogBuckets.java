package dev.sluice.metrics.reuse;

/**
 * Buckets for whole numbers of any size: exact below 16, from there on eight to each power of two, so that a bucket is at most an eighth as wide as
 * its numbers are large.
 */
final class LogBuckets {
    private static final int SUB_BITS = 3;
    private static final int SUB = 1 << SUB_BITS;

    /** Numbers up to 2^40, a larger one counts as the largest. */
    static final int COUNT = SUB * (40 - SUB_BITS + 1);

    private static final long MAX = (1L << 40) - 1;

    private LogBuckets() {}

    static int of(long value) {
        long bounded = Math.clamp(value, 0, MAX);
        if (bounded < SUB) {
            return (int) bounded;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(bounded);
        return SUB * (exponent - SUB_BITS + 1) + ((int) (bounded >>> (exponent - SUB_BITS)) & (SUB - 1));
    }

    /** The least number of a bucket. */
    static long from(int bucket) {
        return bucket < SUB ? bucket : (long) (SUB + bucket % SUB) << (bucket / SUB - 1);
    }

    /** The largest number of a bucket. */
    static long to(int bucket) {
        return bucket < SUB ? bucket : from(bucket) + (1L << (bucket / SUB - 1)) - 1;
    }
}
