package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the reads of one namespace on one partition said about caches of other sizes and values of other TTLs, in one window: how far apart reads of the same key are,
 * and how they would have ended. Sums over a sample stand for all reads: each read is added as often as the sample says that there are such. Tallies merge in any order and grouping.
 * Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 2: version, the counts and bounds in the order of the fields below, reads by distance, hits in the first level by distance, milliseconds
 * and bytes by distance, TTLs. Version 1 had eight buckets for each power of two, and no rests.
 */
public final class ReuseTally implements Tally<ReuseTally> {
    public static final TallyKind<ReuseTally> KIND = new TallyKind<>(ReuseTally::new, ReuseTally::decode);

    /** Reads are added in parts of this, since a read may stand for one and a half. */
    static final double UNIT = 1024;

    /** Sums of bytes are in such, lest they overflow. */
    static final double BYTES = 16;

    private static final int VERSION = 2;
    private static final int WITH_COARSE_BUCKETS = 1;

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
    private long restedReads;
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

    /** Counts reads, whether their keys are in the sample or not: so many between these times. */
    void read(long count, long hits, long fromMillis, long toMillis) {
        reads += count;
        firstLevelHits += hits;
        firstMillis = Math.min(firstMillis, fromMillis);
        lastMillis = Math.max(lastMillis, toMillis);
    }

    /** So many reads were left out by a sample that rested; fewer than 0 when others stand for them. */
    void rest(long more) {
        restedReads = Math.max(0, restedReads + more);
    }

    /** There was no room for a sample of so many reads. */
    void leaveOut(long count) {
        leftOut += count;
    }

    /** A sampled key was read that was not met before. If that was a hit, it was not the first read of it: nobody knows how far back that lies. */
    void first(double weight, boolean isFirstLevelHit) {
        sampledReads++;
        long units = Math.round(weight * UNIT);
        if (isFirstLevelHit) {
            unknown(weight);
        } else {
            firstReads = SparseCounts.saturatedSum(firstReads, units);
        }
    }

    /** A sampled key was read again, and nobody knows how far back the read before lies. */
    void unknown(double weight) {
        unknownReads = SparseCounts.saturatedSum(unknownReads, Math.round(weight * UNIT));
    }

    /**
     * A sampled key was read again.
     *
     * @param weight how many reads it stands for
     * @param keys an LRU cache of so many would have had it
     * @param bytes the same in bytes of values
     * @param afterMillis how long after the one before it came
     * @param isKept whether the first level did not miss it for want of room
     */
    void again(double weight, double keys, double bytes, long afterMillis, boolean isKept) {
        sampledReads++;
        long units = Math.round(weight * UNIT);
        int bucket = LogBuckets.of(Math.round(keys));
        byDistance.add(bucket, units);
        millisByDistance.add(bucket, Math.round(weight * (double) afterMillis));
        bytesByDistance.add(bucket, Math.round(weight * bytes / BYTES));
        if (isKept) {
            hitsByDistance.add(bucket, units);
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
        restedReads += other.restedReads;
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

    /** Reads of keys of which nobody knows when they were read before. */
    double unknownReads() {
        return (double) unknownReads / UNIT;
    }

    /** Reads that were left out, and for which no others stand. */
    long restedReads() {
        return restedReads;
    }

    /** How many reads each of those stands for that were counted otherwise than by their number, 1 or more. */
    double readsOfEach() {
        return restedReads >= reads ? 1 : (double) reads / (double) (reads - restedReads);
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
                .writeCount(unknownReads)
                .writeCount(restedReads);
        byDistance.encode(out);
        hitsByDistance.encode(out);
        millisByDistance.encode(out);
        bytesByDistance.encode(out);
        ttls.encode(out);
    }

    /** Reads an encoded tally; refuses anything else. */
    public static ReuseTally decode(CompactReader in) {
        int version = in.readByte();
        if (version != VERSION && version != WITH_COARSE_BUCKETS) {
            throw new MalformedBytesException("has version " + version + ", not " + VERSION);
        }
        Function<CompactReader, SparseCounts> distances =
                version == VERSION ? ReuseTally::distances : ReuseTally::coarseDistances;
        long[] counts = new long[version == VERSION ? 12 : 11];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readCount();
        }
        ReuseTally tally = new ReuseTally(
                distances.apply(in),
                distances.apply(in),
                distances.apply(in),
                distances.apply(in),
                TtlTally.decode(in, distances));
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
        tally.restedReads = version == VERSION ? counts[11] : 0;
        return tally;
    }

    private static SparseCounts distances(CompactReader in) {
        return SparseCounts.decode(in, LogBuckets.COUNT);
    }

    private static SparseCounts coarseDistances(CompactReader in) {
        return SparseCounts.decode(in, LogBuckets.COUNT, LogBuckets.COARSE_COUNT, LogBuckets::ofCoarse);
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
