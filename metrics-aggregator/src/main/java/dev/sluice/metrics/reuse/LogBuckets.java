package dev.sluice.metrics.reuse;

/**
 * Buckets for whole numbers of any size: exact below 64, from there on 32 to each power of two, so that a bucket is at most a 32nd part as wide as
 * its numbers are large.
 */
final class LogBuckets {
    private static final int SUB_BITS = 5;
    private static final int SUB = 1 << SUB_BITS;

    /** Numbers up to 2^40, a larger one counts as the largest. */
    static final int COUNT = SUB * (40 - SUB_BITS + 1);

    /** As long as there were eight to each power of two. */
    private static final int COARSE_SUB_BITS = 3;

    static final int COARSE_COUNT = (1 << COARSE_SUB_BITS) * (40 - COARSE_SUB_BITS + 1);

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

    /** The bucket in the middle of one of eight to each power of two. */
    static int ofCoarse(int coarse) {
        return of((from(coarse, COARSE_SUB_BITS) + from(coarse + 1, COARSE_SUB_BITS) - 1) / 2);
    }

    /** The least number of a bucket. */
    static long from(int bucket) {
        return from(bucket, SUB_BITS);
    }

    /** The largest number of a bucket. */
    static long to(int bucket) {
        return from(bucket + 1) - 1;
    }

    private static long from(int bucket, int subBits) {
        int sub = 1 << subBits;
        return bucket < sub ? bucket : (long) (sub + bucket % sub) << (bucket / sub - 1);
    }
}
