package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.util.function.Function;

/**
 * How reads of sampled keys would have ended with other TTLs, and how old the values were that they would have got. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding: sampled reads, most keys, reads, hits, hits by TTL, seconds by TTL, expired by their age.
 */
public final class TtlTally {
    /** A second, and twice as long each, up to a day and a half. */
    static final int TTLS = 18;

    /** An age is told in such parts of a second, for which the buckets are fine enough. */
    private static final int AGE_MILLIS = 100;

    private long sampledReads;
    private long sampledKeys;
    private long reads;
    private long hits;
    private final SparseCounts hitsByTtl;
    private final SparseCounts secondsByTtl;
    private final SparseCounts expiredByAge;

    TtlTally() {
        this(new SparseCounts(TTLS), new SparseCounts(TTLS), new SparseCounts(LogBuckets.COUNT));
    }

    private TtlTally(SparseCounts hitsByTtl, SparseCounts secondsByTtl, SparseCounts expiredByAge) {
        this.hitsByTtl = hitsByTtl;
        this.secondsByTtl = secondsByTtl;
        this.expiredByAge = expiredByAge;
    }

    /** In milliseconds. */
    static long ttlMillis(int ttl) {
        return 1000L << ttl;
    }

    void read(double weight, boolean isHit) {
        sampledReads++;
        long units = Math.round(weight * ReuseTally.UNIT);
        reads = SparseCounts.saturatedSum(reads, units);
        hits = isHit ? SparseCounts.saturatedSum(hits, units) : hits;
    }

    /** Reads of that weight would have hit, and got values of that age in all. */
    void hit(int ttl, double weight, double ageMillis) {
        hitsByTtl.add(ttl, Math.round(weight * ReuseTally.UNIT));
        secondsByTtl.add(ttl, Math.round(weight * ageMillis / 1000 * ReuseTally.UNIT));
    }

    /** A value had expired, so long after it was made. */
    void expired(long ageMillis) {
        expiredByAge.add(LogBuckets.of(ageMillis / AGE_MILLIS), 1);
    }

    void sampled(long keys) {
        sampledKeys = Math.max(sampledKeys, keys);
    }

    void merge(TtlTally other) {
        sampledReads += other.sampledReads;
        sampledKeys = Math.max(sampledKeys, other.sampledKeys);
        reads = SparseCounts.saturatedSum(reads, other.reads);
        hits = SparseCounts.saturatedSum(hits, other.hits);
        hitsByTtl.merge(other.hitsByTtl);
        secondsByTtl.merge(other.secondsByTtl);
        expiredByAge.merge(other.expiredByAge);
    }

    /** Reads that were replayed. */
    public long sampledReads() {
        return sampledReads;
    }

    /** Most keys that one sample had at once. */
    public long sampledKeys() {
        return sampledKeys;
    }

    /** How many reads they stand for. */
    double reads() {
        return (double) reads / ReuseTally.UNIT;
    }

    /** How many of those were hits as it was. */
    double hits() {
        return (double) hits / ReuseTally.UNIT;
    }

    double hits(int ttl) {
        return (double) hitsByTtl.sum(ttl) / ReuseTally.UNIT;
    }

    /** Ages of what these would have got, in all. */
    double ageSeconds(int ttl) {
        return (double) secondsByTtl.sum(ttl) / ReuseTally.UNIT;
    }

    /** Values that had expired of which it is known when they were made. */
    long expired() {
        return expiredByAge.total();
    }

    /** Such a part of these was no older, in seconds; 0 when there was none. */
    double expiredAgeSeconds(double part) {
        double left = part * (double) expired();
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            left -= (double) expiredByAge.sum(bucket);
            if (left <= 0 && expiredByAge.sum(bucket) > 0) {
                return (double) LogBuckets.from(bucket) * AGE_MILLIS / 1000;
            }
        }
        return 0;
    }

    void encode(CompactWriter out) {
        out.writeCount(sampledReads).writeCount(sampledKeys).writeCount(reads).writeCount(hits);
        hitsByTtl.encode(out);
        secondsByTtl.encode(out);
        expiredByAge.encode(out);
    }

    /** @param distances reads counts by buckets of {@link LogBuckets} */
    static TtlTally decode(CompactReader in, Function<CompactReader, SparseCounts> distances) {
        long sampledReads = in.readCount();
        long sampledKeys = in.readCount();
        long reads = in.readCount();
        long hits = in.readCount();
        TtlTally tally =
                new TtlTally(SparseCounts.decode(in, TTLS), SparseCounts.decode(in, TTLS), distances.apply(in));
        tally.sampledReads = sampledReads;
        tally.sampledKeys = sampledKeys;
        tally.reads = reads;
        tally.hits = hits;
        return tally;
    }
}
