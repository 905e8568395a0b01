package dev.sluice.metrics.tally;

import dev.sluice.metrics.distinct.DistinctKeys;
import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.frequent.FrequentKeys;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.percentile.LatencySketch;
import dev.sluice.record.CacheRead;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cache reads of one dimension in one window: exact counts by outcome and by why they missed, exact bytes, the distribution of their
 * latencies, what values took to make, about how many keys were read and which most. Tallies merge in any order; only which of the seldom
 * keys are kept may depend on it, so tallies are equal whichever these are. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 3: version, number of outcomes, the count of each by its code, bytes, sketch, keys, number of causes, the count of
 * each by its code, number of loads and their microseconds, frequent keys. Version 2 ended with the keys, version 1 before them.
 */
public final class CacheTally implements Tally<CacheTally> {
    public static final TallyKind<CacheTally> KIND = new TallyKind<>(CacheTally::new, CacheTally::decode);

    private static final int VERSION = 3;
    private static final int WITHOUT_CAUSES = 2;
    private static final int WITHOUT_KEYS = 1;
    private static final ReadOutcome[] OUTCOMES = ReadOutcome.values();

    private static final MissCause[] CAUSES = MissCause.values();

    private final long[] counts = new long[OUTCOMES.length];
    private final long[] causes = new long[CAUSES.length];
    private long bytes;
    private long loads;
    private long loadMicros;
    private final LatencySketch latency;
    private final DistinctKeys keys;
    private final FrequentKeys frequent;

    public CacheTally() {
        this(new LatencySketch(), new DistinctKeys(), new FrequentKeys());
    }

    private CacheTally(LatencySketch latency, DistinctKeys keys, FrequentKeys frequent) {
        this.latency = latency;
        this.keys = keys;
        this.frequent = frequent;
    }

    /** Counts reads as the log has them. What is told of why one missed counts of misses alone. */
    public void add(List<CacheRead> reads) {
        long[] hashes = new long[reads.size()];
        long[] latencies = new long[hashes.length];
        int[] kinds = new int[OUTCOMES.length * CAUSES.length];
        for (int i = 0; i < hashes.length; i++) {
            CacheRead read = reads.get(i);
            hashes[i] = read.getKeyHash();
            latencies[i] = read.getLatencyNanos();
            kinds[kindOf(ReadOutcome.of(read.getOutcome()), MissCause.of(read.getMissClass()))]++;
            bytes = saturatedSum(bytes, Math.max(0, read.getSizeBytes()));
            if (read.getLoadMicros() > 0) {
                loads++;
                loadMicros = saturatedSum(loadMicros, read.getLoadMicros());
            }
        }
        for (ReadOutcome outcome : OUTCOMES) {
            for (MissCause cause : CAUSES) {
                count(outcome, cause, kinds[kindOf(outcome, cause)]);
            }
        }
        // One after the other, so that what each needs is at hand for all of them.
        latency.add(latencies);
        keys.add(hashes);
        frequent.add(hashes);
    }

    /** Counts one of them. */
    public void add(CacheRead read) {
        add(List.of(read));
    }

    /** Counts one read of a key, by its hash. A size below 0 counts as 0. */
    public void add(ReadOutcome outcome, long latencyNanos, long sizeBytes, long keyHash) {
        add(outcome, latencyNanos, sizeBytes);
        keys.add(keyHash);
        frequent.add(keyHash);
    }

    /** Counts one read of a key that is not told. A size below 0 counts as 0. */
    public void add(ReadOutcome outcome, long latencyNanos, long sizeBytes) {
        count(outcome, MissCause.UNEXPLAINED, 1);
        bytes = saturatedSum(bytes, Math.max(0, sizeBytes));
        latency.add(latencyNanos);
    }

    private static int kindOf(ReadOutcome outcome, MissCause cause) {
        return outcome.code() * CAUSES.length + cause.code();
    }

    private void count(ReadOutcome outcome, MissCause cause, int reads) {
        counts[outcome.code()] += reads;
        if (outcome.verdict() == ReadOutcome.Verdict.MISS) {
            causes[cause.code()] += reads;
        }
    }

    @Override
    public void merge(CacheTally other) {
        for (int code = 0; code < counts.length; code++) {
            counts[code] += other.counts[code];
        }
        for (int code = 0; code < causes.length; code++) {
            causes[code] += other.causes[code];
        }
        bytes = saturatedSum(bytes, other.bytes);
        loads += other.loads;
        loadMicros = saturatedSum(loadMicros, other.loadMicros);
        latency.merge(other.latency);
        keys.merge(other.keys);
        frequent.merge(other.frequent);
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

    /** Misses with that cause; those of all causes add up to the misses. */
    public long count(MissCause cause) {
        return causes[cause.code()];
    }

    public long bytes() {
        return bytes;
    }

    /** What is counted exactly, as of now. */
    public ReadCounts counts() {
        return new ReadCounts(counts.clone(), causes.clone(), bytes);
    }

    /** Reads that told what their value took to make at its origin. */
    public long loads() {
        return loads;
    }

    /** What that was in all, in microseconds. */
    public long loadMicros() {
        return loadMicros;
    }

    /** The latencies; the tally stays their owner. */
    public LatencySketch latency() {
        return latency;
    }

    /** The keys of the reads; the tally stays their owner. */
    public DistinctKeys keys() {
        return keys;
    }

    /** The keys that were read most; the tally stays their owner. */
    public FrequentKeys frequent() {
        return frequent;
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
        out.writeByte(causes.length);
        for (long count : causes) {
            out.writeCount(count);
        }
        out.writeCount(loads).writeCount(loadMicros);
        frequent.encode(out);
    }

    /** Reads an encoded tally, also one from before an outcome or a cause was added; refuses anything else. */
    public static CacheTally decode(CompactReader in) {
        int version = in.readByte();
        if (version < WITHOUT_KEYS || version > VERSION) {
            throw new MalformedBytesException("has version " + version + ", not " + VERSION);
        }
        long[] counts = readCounts(in, OUTCOMES.length);
        long bytes = in.readCount();
        LatencySketch latency = LatencySketch.decode(in);
        DistinctKeys keys = version == WITHOUT_KEYS ? new DistinctKeys() : DistinctKeys.decode(in);
        boolean hasCauses = version > WITHOUT_CAUSES;
        long[] causes = hasCauses ? readCounts(in, CAUSES.length) : new long[CAUSES.length];
        long loads = hasCauses ? in.readCount() : 0;
        long loadMicros = hasCauses ? in.readCount() : 0;
        CacheTally tally = new CacheTally(latency, keys, hasCauses ? FrequentKeys.decode(in) : new FrequentKeys());
        System.arraycopy(counts, 0, tally.counts, 0, counts.length);
        System.arraycopy(causes, 0, tally.causes, 0, causes.length);
        tally.bytes = bytes;
        tally.loads = loads;
        tally.loadMicros = loadMicros;
        tally.requireCauses(hasCauses);
        return tally;
    }

    private static long[] readCounts(CompactReader in, int known) {
        long[] counts = new long[in.readByte()];
        if (counts.length > known) {
            throw new MalformedBytesException("has " + counts.length + " counts where this reader knows " + known);
        }
        for (int code = 0; code < counts.length; code++) {
            counts[code] = in.readCount();
        }
        return counts;
    }

    /** Of what was counted before there were causes, none is known. */
    private void requireCauses(boolean told) {
        long explained = Arrays.stream(causes).sum();
        if (!told) {
            causes[MissCause.UNEXPLAINED.code()] = misses();
        } else if (explained != misses()) {
            throw new MalformedBytesException("has " + explained + " causes of " + misses() + " misses");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CacheTally that
                && Arrays.equals(counts, that.counts)
                && Arrays.equals(causes, that.causes)
                && bytes == that.bytes
                && loads == that.loads
                && loadMicros == that.loadMicros
                && keys.equals(that.keys)
                && latency.equals(that.latency);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(counts) + Long.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "CacheTally[counts=" + Arrays.toString(counts) + ", causes=" + Arrays.toString(causes) + ", bytes="
                + bytes + ", loads="
                + loads + ", loadMicros=" + loadMicros + ", latency=" + latency + ", keys="
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
