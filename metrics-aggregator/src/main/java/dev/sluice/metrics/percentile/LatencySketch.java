package dev.sluice.metrics.percentile;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of latencies of one window, in nanoseconds: count, sum, smallest and largest are exact, quantiles are
 * within {@link #RELATIVE_ERROR} of the true one. Sketches merge without loss, in any order: the quantile of a merged
 * sketch is as good as that of one that saw every value. Not thread-safe; a sketch has one owner.
 *
 * <p>Design: DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", VLDB 2019), with the bins of sketches-java, counted here. Bin <i>i</i> counts the values in (γ^(i−1), γ^i] with γ = (1+α)/(1−α), so
 * that the middle of a bin is within α of every value in it. The logarithm is interpolated by a cubic, which costs 1 %
 * more bins and is three times as fast. Values end at {@link #MAX_NANOS}, so there are at most about 1,600 bins and no
 * bin has to be collapsed.
 *
 * <p>Encoding, version 1 (integers as in {@link CompactWriter}): version, count; when count is not 0: smallest, largest −
 * smallest, sum, count of zeros, number of bins, then for each bin in ascending order the distance of its index to the
 * one before (the first one signed) and its count. One distribution has exactly one encoding.
 */
public final class LatencySketch {
    /** Largest relative distance of a quantile from the true one. */
    public static final double RELATIVE_ERROR = 0.01;

    /** Longer latencies count as this; nothing that answers over HTTP takes a day. */
    public static final long MAX_NANOS = Duration.ofDays(1).toNanos();

    private static final int VERSION = 1;
    private static final IndexMapping MAPPING = new CubicallyInterpolatedMapping(RELATIVE_ERROR);
    private static final int LOWEST_INDEX = MAPPING.index(1);
    private static final int HIGHEST_INDEX = MAPPING.index((double) MAX_NANOS);

    /** Of those that are not 0. */
    private final LatencyBins bins = new LatencyBins();

    private long count;
    private long zeros;
    private long sumNanos;
    private long minNanos = Long.MAX_VALUE;
    private long maxNanos;

    /** Counts one latency. Below 0 counts as 0, above {@link #MAX_NANOS} as that. */
    public void add(long nanos) {
        long value = Math.clamp(nanos, 0, MAX_NANOS);
        if (value == 0) {
            zeros++;
        } else {
            bins.add(MAPPING.index((double) value), 1);
        }
        count++;
        sumNanos = saturatedSum(sumNanos, value);
        minNanos = Math.min(minNanos, value);
        maxNanos = Math.max(maxNanos, value);
    }

    /** Counts latencies. */
    public void add(long[] latencies) {
        long least = minNanos;
        long most = maxNanos;
        long sum = sumNanos;
        for (long nanos : latencies) {
            long value = Math.clamp(nanos, 0, MAX_NANOS);
            if (value == 0) {
                zeros++;
            } else {
                bins.add(MAPPING.index((double) value), 1);
            }
            sum = saturatedSum(sum, value);
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        count += latencies.length;
        sumNanos = sum;
        minNanos = least;
        maxNanos = most;
    }

    /** Counts everything that the other sketch has counted; the other one stays as it is. */
    public void merge(LatencySketch other) {
        bins.merge(other.bins);
        count += other.count;
        zeros += other.zeros;
        sumNanos = saturatedSum(sumNanos, other.sumNanos);
        minNanos = Math.min(minNanos, other.minNanos);
        maxNanos = Math.max(maxNanos, other.maxNanos);
    }

    public long count() {
        return count;
    }

    /** The figures that answers show; null when nothing was counted. */
    public @Nullable LatencySummary summarize() {
        if (count == 0) {
            return null;
        }
        return new LatencySummary(
                count,
                (double) sumNanos / count,
                minNanos,
                maxNanos,
                quantile(0.5),
                quantile(0.95),
                quantile(0.99),
                quantile(0.999));
    }

    /**
     * The value at rank ⌊q·(count−1)⌋ of the sorted latencies, within {@link #RELATIVE_ERROR}.
     *
     * @param q between 0 and 1
     */
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("q must be between 0 and 1: " + q);
        }
        if (count == 0) {
            throw new IllegalStateException("an empty sketch has no quantile");
        }
        double rank = q * (double) (count - 1);
        double value = (double) zeros > rank ? 0 : MAPPING.value(bins.indexAt(rank - (double) zeros));
        return Math.clamp(value, (double) minNanos, (double) maxNanos);
    }

    /** How many latencies were as long or longer; of those within {@link #RELATIVE_ERROR} of it, some may be wrongly in or out. */
    public long countFrom(long nanos) {
        if (nanos <= 0) {
            return count;
        }
        return bins.countFrom(MAPPING.index((double) Math.min(nanos, MAX_NANOS)));
    }

    /** The Protocol Buffers form that DataDog's sketch libraries read in every language; for others, not for us. */
    public byte[] toProtobuf() {
        DDSketch sketch = new DDSketch(MAPPING, UnboundedSizeDenseStore::new);
        if (zeros > 0) {
            sketch.accept(0, (double) zeros);
        }
        bins.forEach((index, more) -> sketch.getPositiveValueStore().add(index, (double) more));
        ByteBuffer serialized = sketch.serialize();
        byte[] bytes = new byte[serialized.remaining()];
        serialized.get(bytes);
        return bytes;
    }

    public byte[] encode() {
        CompactWriter out = new CompactWriter();
        encode(out);
        return out.toByteArray();
    }

    public void encode(CompactWriter out) {
        out.writeByte(VERSION).writeCount(count);
        if (count == 0) {
            return;
        }
        out.writeCount(minNanos).writeCount(maxNanos - minNanos).writeCount(sumNanos);
        BinWriter filled = new BinWriter();
        bins.forEach(filled);
        out.writeCount(zeros).writeCount(filled.number).writeBytes(filled.out.toByteArray());
    }

    /** Takes bins in ascending order; their number stands before them, so they are written apart. */
    private static final class BinWriter implements LatencyBins.Visitor {
        private final CompactWriter out = new CompactWriter();
        private int number;
        private int previous;

        @Override
        public void bin(int index, long count) {
            out.writeSigned(index - previous).writeCount(count);
            previous = index;
            number++;
        }
    }

    /** Reads an encoded sketch; refuses bytes that {@link #encode()} does not write. */
    public static LatencySketch decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        LatencySketch sketch = decode(in);
        in.expectEnd();
        return sketch;
    }

    public static LatencySketch decode(CompactReader in) {
        in.expectVersion(VERSION);
        LatencySketch sketch = new LatencySketch();
        sketch.count = in.readCount();
        if (sketch.count == 0) {
            return sketch;
        }
        sketch.minNanos = in.readCount();
        sketch.maxNanos = sketch.minNanos + in.readCount();
        if (sketch.maxNanos < sketch.minNanos || sketch.maxNanos > MAX_NANOS) {
            throw new MalformedBytesException("has a largest value out of range: " + sketch.maxNanos);
        }
        sketch.sumNanos = in.readCount();
        sketch.zeros = in.readCount();
        SketchBins.read(in, LOWEST_INDEX, HIGHEST_INDEX, sketch.count - sketch.zeros, sketch.bins);
        return sketch;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LatencySketch that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "LatencySketch[" + (count == 0 ? "empty" : summarize()) + "]";
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
