package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.reuse.ReuseDistances.Reuse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the reads of one namespace on one partition said about caches of other sizes and values of other TTLs, in one window: how far apart reads of the same key are,
 * and how they would have ended. Sums over a sample stand for all reads: each read is added as often as the sample says that there are such. Tallies merge in any order and grouping.
 * Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 1: version, the counts and bounds in the order of the fields below, reads by distance, hits in the first level by distance, milliseconds
 * and bytes by distance, TTLs.
 */
public final class ReuseTally implements Tally<ReuseTally> {
    public static final TallyKind<ReuseTally> KIND = new TallyKind<>(ReuseTally::new, ReuseTally::decode);

    /** Reads are added in parts of this, since a read may stand for one and a half. */
    static final double UNIT = 1024;

    /** Sums of bytes are in such, lest they overflow. */
    static final double BYTES = 16;

    private static final int VERSION = 1;

    private long reads;
    private long firstLevelHits;
    private long leftOut;
    private long sampledReads;
    private long sampledKeys;
    private long samples;
    private long least = KeySample.POSITIONS;
    private long firstMillis = Long.MAX_VALUE;
    private long lastMillis;
    private long firstReads;
    private long unknownReads;
    private final SparseCounts byDistance;
    private final SparseCounts hitsByDistance;
    private final SparseCounts millisByDistance;
    private final SparseCounts bytesByDistance;
    private final TtlTally ttls;

    public ReuseTally() {
        this(none(), none(), none(), none(), new TtlTally());
    }

    private ReuseTally(
            SparseCounts byDistance,
            SparseCounts hitsByDistance,
            SparseCounts millisByDistance,
            SparseCounts bytesByDistance,
            TtlTally ttls) {
        this.byDistance = byDistance;
        this.hitsByDistance = hitsByDistance;
        this.millisByDistance = millisByDistance;
        this.bytesByDistance = bytesByDistance;
        this.ttls = ttls;
    }

    private static SparseCounts none() {
        return new SparseCounts(LogBuckets.COUNT);
    }

    /** Counts a read, whether its key is in the sample or not. */
    void read(boolean isFirstLevelHit, long atMillis) {
        reads++;
        firstLevelHits += isFirstLevelHit ? 1 : 0;
        firstMillis = Math.min(firstMillis, atMillis);
        lastMillis = Math.max(lastMillis, atMillis);
    }

    /** There was no room for a sample of so many reads. */
    void leaveOut(long count) {
        leftOut += count;
    }

    /** Adds what a sampled read says. The first read of a key that was a hit was not the first read of it: nobody knows how far back that lies. */
    void add(Reuse reuse, boolean isFirstLevelHit) {
        sampledReads++;
        long weight = Math.round(reuse.weight() * UNIT);
        if (reuse.isFirst()) {
            if (isFirstLevelHit) {
                unknownReads = SparseCounts.saturatedSum(unknownReads, weight);
            } else {
                firstReads = SparseCounts.saturatedSum(firstReads, weight);
            }
            return;
        }
        int bucket = LogBuckets.of(Math.round(reuse.keys()));
        byDistance.add(bucket, weight);
        millisByDistance.add(bucket, Math.round(reuse.weight() * (double) reuse.afterMillis()));
        bytesByDistance.add(bucket, Math.round(reuse.weight() * reuse.bytes() / BYTES));
        if (isFirstLevelHit) {
            hitsByDistance.add(bucket, weight);
        }
    }

    /**
     * Notes what the samples are like.
     *
     * @param keys in all of them
     * @param nodes that have one
     * @param threshold the lowest of them
     */
    void sampled(long keys, long nodes, long threshold) {
        sampledKeys = Math.max(sampledKeys, keys);
        samples = Math.max(samples, nodes);
        least = Math.min(least, threshold);
    }

    @Override
    public void merge(ReuseTally other) {
        reads += other.reads;
        firstLevelHits += other.firstLevelHits;
        leftOut += other.leftOut;
        sampledReads += other.sampledReads;
        sampledKeys = Math.max(sampledKeys, other.sampledKeys);
        samples = Math.max(samples, other.samples);
        least = Math.min(least, other.least);
        firstMillis = Math.min(firstMillis, other.firstMillis);
        lastMillis = Math.max(lastMillis, other.lastMillis);
        firstReads = SparseCounts.saturatedSum(firstReads, other.firstReads);
        unknownReads = SparseCounts.saturatedSum(unknownReads, other.unknownReads);
        byDistance.merge(other.byDistance);
        hitsByDistance.merge(other.hitsByDistance);
        millisByDistance.merge(other.millisByDistance);
        bytesByDistance.merge(other.bytesByDistance);
        ttls.merge(other.ttls);
    }

    /** All reads, but those that failed and those that no sample had room for. */
    public long reads() {
        return reads;
    }

    public long firstLevelHits() {
        return firstLevelHits;
    }

    /** Reads that no sample had room for. */
    public long leftOut() {
        return leftOut;
    }

    public long sampledReads() {
        return sampledReads;
    }

    /** Most keys that the samples had at once. */
    public long sampledKeys() {
        return sampledKeys;
    }

    /** Most nodes that were sampled at once. */
    public long samples() {
        return samples;
    }

    /** The least part of all keys that a sample had, above 0 to 1. */
    public double keyRate() {
        return (double) least / KeySample.POSITIONS;
    }

    /** When the first read was, in milliseconds since 1970; the largest number when there was none. */
    public long firstMillis() {
        return firstMillis;
    }

    /** When the last read was, in milliseconds since 1970; 0 when there was none. */
    public long lastMillis() {
        return lastMillis;
    }

    /** How TTLs would have done; the tally stays their owner. */
    public TtlTally ttls() {
        return ttls;
    }

    /** Reads of keys that were not read before. */
    double firstReads() {
        return (double) firstReads / UNIT;
    }

    /** Reads of keys that were not met before, and must have been. */
    double unknownReads() {
        return (double) unknownReads / UNIT;
    }

    /** Reads with a distance in that bucket of {@link LogBuckets}. */
    double reads(int bucket) {
        return (double) byDistance.sum(bucket) / UNIT;
    }

    /** Those of them that hit the first level. */
    double hits(int bucket) {
        return (double) hitsByDistance.sum(bucket) / UNIT;
    }

    /** How long after the read before they came, on average; of a bucket that has reads. */
    double meanMillis(int bucket) {
        return (double) millisByDistance.sum(bucket) / reads(bucket);
    }

    /** How large a cache they would hit, on average; of a bucket that has reads. */
    double meanBytes(int bucket) {
        return (double) bytesByDistance.sum(bucket) * BYTES / reads(bucket);
    }

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION).writeCount(reads).writeCount(firstLevelHits).writeCount(leftOut);
        out.writeCount(sampledReads).writeCount(sampledKeys).writeCount(samples).writeCount(least);
        out.writeCount(firstMillis)
                .writeCount(lastMillis)
                .writeCount(firstReads)
                .writeCount(unknownReads);
        byDistance.encode(out);
        hitsByDistance.encode(out);
        millisByDistance.encode(out);
        bytesByDistance.encode(out);
        ttls.encode(out);
    }

    /** Reads an encoded tally; refuses anything else. */
    public static ReuseTally decode(CompactReader in) {
        in.expectVersion(VERSION);
        long[] counts = new long[11];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readCount();
        }
        ReuseTally tally =
                new ReuseTally(distances(in), distances(in), distances(in), distances(in), TtlTally.decode(in));
        tally.reads = counts[0];
        tally.firstLevelHits = counts[1];
        tally.leftOut = counts[2];
        tally.sampledReads = counts[3];
        tally.sampledKeys = counts[4];
        tally.samples = counts[5];
        tally.least = counts[6];
        tally.firstMillis = counts[7];
        tally.lastMillis = counts[8];
        tally.firstReads = counts[9];
        tally.unknownReads = counts[10];
        return tally;
    }

    private static SparseCounts distances(CompactReader in) {
        return SparseCounts.decode(in, LogBuckets.COUNT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReuseTally that && Arrays.equals(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    private byte[] bytes() {
        CompactWriter out = new CompactWriter();
        encode(out);
        return out.toByteArray();
    }

    @Override
    public String toString() {
        return "ReuseTally[reads=" + reads + ", sampledReads=" + sampledReads + ", sampledKeys=" + sampledKeys
                + ", keyRate=" + keyRate() + "]";
    }
}
