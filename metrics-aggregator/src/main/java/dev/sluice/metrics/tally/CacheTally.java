package dev.sluice.metrics.tally;

import dev.sluice.metrics.distinct.DistinctKeys;
import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.percentile.LatencySketch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cache reads of one dimension in one window: exact counts by outcome, exact bytes, the distribution of their
 * latencies, and about how many keys were read. Tallies merge in any order. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 2: version, number of outcomes, the count of each by its code, bytes, sketch, keys. Version 1 had no keys.
 */
public final class CacheTally implements Tally<CacheTally> {
    public static final TallyKind<CacheTally> KIND = new TallyKind<>(CacheTally::new, CacheTally::decode);

    private static final int VERSION = 2;
    private static final int WITHOUT_KEYS = 1;
    private static final ReadOutcome[] OUTCOMES = ReadOutcome.values();

    private final long[] counts = new long[OUTCOMES.length];
    private long bytes;
    private final LatencySketch latency;
    private final DistinctKeys keys;

    public CacheTally() {
        this(new LatencySketch(), new DistinctKeys());
    }

    private CacheTally(LatencySketch latency, DistinctKeys keys) {
        this.latency = latency;
        this.keys = keys;
    }

    /** Counts one read of a key, by its hash. A size below 0 counts as 0. */
    public void add(ReadOutcome outcome, long latencyNanos, long sizeBytes, long keyHash) {
        add(outcome, latencyNanos, sizeBytes);
        keys.add(keyHash);
    }

    /** Counts one read of a key that is not told. A size below 0 counts as 0. */
    public void add(ReadOutcome outcome, long latencyNanos, long sizeBytes) {
        counts[outcome.code()]++;
        bytes = saturatedSum(bytes, Math.max(0, sizeBytes));
        latency.add(latencyNanos);
    }

    @Override
    public void merge(CacheTally other) {
        for (int code = 0; code < counts.length; code++) {
            counts[code] += other.counts[code];
        }
        bytes = saturatedSum(bytes, other.bytes);
        latency.merge(other.latency);
        keys.merge(other.keys);
    }

    public long reads() {
        return Arrays.stream(counts).sum();
    }

    public long hits() {
        return count(ReadOutcome.Verdict.HIT);
    }

    /** Reads that were not answered from the cache: reads − hits. */
    public long misses() {
        return count(ReadOutcome.Verdict.MISS);
    }

    public long count(ReadOutcome outcome) {
        return counts[outcome.code()];
    }

    public long bytes() {
        return bytes;
    }

    /** The latencies; the tally stays their owner. */
    public LatencySketch latency() {
        return latency;
    }

    /** The keys of the reads; the tally stays their owner. */
    public DistinctKeys keys() {
        return keys;
    }

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION).writeByte(counts.length);
        for (long count : counts) {
            out.writeCount(count);
        }
        out.writeCount(bytes);
        latency.encode(out);
        keys.encode(out);
    }

    /** Reads an encoded tally, also one from before an outcome was added; refuses anything else. */
    public static CacheTally decode(CompactReader in) {
        int version = in.readByte();
        if (version != VERSION && version != WITHOUT_KEYS) {
            throw new MalformedBytesException("has version " + version + ", not " + VERSION);
        }
        int outcomes = in.readByte();
        if (outcomes > OUTCOMES.length) {
            throw new MalformedBytesException("has " + outcomes + " outcomes, of which this reader knows fewer");
        }
        long[] counts = new long[outcomes];
        for (int code = 0; code < outcomes; code++) {
            counts[code] = in.readCount();
        }
        long bytes = in.readCount();
        LatencySketch latency = LatencySketch.decode(in);
        CacheTally tally =
                new CacheTally(latency, version == WITHOUT_KEYS ? new DistinctKeys() : DistinctKeys.decode(in));
        System.arraycopy(counts, 0, tally.counts, 0, outcomes);
        tally.bytes = bytes;
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CacheTally that
                && Arrays.equals(counts, that.counts)
                && bytes == that.bytes
                && keys.equals(that.keys)
                && latency.equals(that.latency);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(counts) + Long.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "CacheTally[counts=" + Arrays.toString(counts) + ", bytes=" + bytes + ", latency=" + latency + ", keys="
                + keys + "]";
    }

    private long count(ReadOutcome.Verdict verdict) {
        long sum = 0;
        for (ReadOutcome outcome : OUTCOMES) {
            sum += outcome.verdict() == verdict ? count(outcome) : 0;
        }
        return sum;
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
