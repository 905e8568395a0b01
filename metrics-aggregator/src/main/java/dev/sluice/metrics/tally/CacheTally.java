package dev.sluice.metrics.tally;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.percentile.LatencySketch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cache reads of one dimension in one window: exact counts by outcome, exact bytes, and the distribution of their
 * latencies. Tallies merge in any order. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 1: version, number of outcomes, the count of each by its code, bytes, sketch.
 */
public final class CacheTally implements Tally<CacheTally> {
    public static final TallyKind<CacheTally> KIND = new TallyKind<>(CacheTally::new, CacheTally::decode);

    private static final int VERSION = 1;
    private static final ReadOutcome[] OUTCOMES = ReadOutcome.values();

    private final long[] counts = new long[OUTCOMES.length];
    private long bytes;
    private final LatencySketch latency;

    public CacheTally() {
        this(new LatencySketch());
    }

    private CacheTally(LatencySketch latency) {
        this.latency = latency;
    }

    /** Counts one read. A size below 0 counts as 0. */
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

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION).writeByte(counts.length);
        for (long count : counts) {
            out.writeCount(count);
        }
        out.writeCount(bytes);
        latency.encode(out);
    }

    /** Reads an encoded tally, also one from before an outcome was added; refuses anything else. */
    public static CacheTally decode(CompactReader in) {
        in.expectVersion(VERSION);
        int outcomes = in.readByte();
        if (outcomes > OUTCOMES.length) {
            throw new MalformedBytesException("has " + outcomes + " outcomes, of which this reader knows fewer");
        }
        long[] counts = new long[outcomes];
        for (int code = 0; code < outcomes; code++) {
            counts[code] = in.readCount();
        }
        long bytes = in.readCount();
        CacheTally tally = new CacheTally(LatencySketch.decode(in));
        System.arraycopy(counts, 0, tally.counts, 0, outcomes);
        tally.bytes = bytes;
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CacheTally that
                && Arrays.equals(counts, that.counts)
                && bytes == that.bytes
                && latency.equals(that.latency);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(counts) + Long.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "CacheTally[counts=" + Arrays.toString(counts) + ", bytes=" + bytes + ", latency=" + latency + "]";
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
