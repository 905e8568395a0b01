package dev.sluice.metrics.percentile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random latencies against a sorted array of all of them. The seed is the repetition, so that a failure repeats. */
class LatencySketchPropertyTest {
    private static final double[] QUANTILES = {0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
    /** What is left of the bound for the rounding of doubles. */
    private static final double ROUNDING = 1e-9;

    @RepeatedTest(60)
    void everyQuantileIsWithinOnePercentOfTheSortedArray(RepetitionInfo repetition) {
        long[] latencies = randomLatencies(new Random(repetition.getCurrentRepetition()));
        assertQuantiles(sketchOf(latencies), latencies);
    }

    @ParameterizedTest
    @MethodSource("oddDistributions")
    void oddDistributionsAreNoExceptionWholeOrMergedOrDecoded(ToLongFunction<Random> distribution) {
        Random random = new Random(1);
        for (int size : new int[] {1, 2, 3, 10, 1000, 100_000}) {
            long[] latencies = random.longs(size)
                    .map(seed -> distribution.applyAsLong(new Random(seed)))
                    .toArray();
            assertQuantiles(sketchOf(latencies), latencies);
            LatencySketch merged = new LatencySketch();
            split(latencies, 7, random).forEach(part -> merged.merge(LatencySketch.decode(part.encode())));
            assertQuantiles(merged, latencies);
        }
    }

    /** Those that trouble estimates which interpolate, sample or begin at a microsecond. */
    static Stream<Named<ToLongFunction<Random>>> oddDistributions() {
        return Stream.of(
                odd(
                        "bimodal",
                        random -> random.nextInt(20) == 0
                                ? 2_000_000_000 + random.nextInt(1000)
                                : 500 + random.nextInt(9)),
                odd("half and half", random -> random.nextBoolean() ? 1 : LatencySketch.MAX_NANOS),
                odd("heavy tail", random -> (long) Math.min(1e5 / Math.pow(random.nextDouble(), 2), 8e13)),
                odd("constant", random -> 123_456_789),
                odd("nothing", random -> 0),
                odd("below a microsecond", random -> random.nextInt(1000)),
                odd("a few nanoseconds", random -> 1 + random.nextInt(4)),
                odd("minutes", random -> 60_000_000_000L * (1 + random.nextInt(30)) + random.nextInt()),
                odd("powers of two", random -> 1L << random.nextInt(46)),
                odd("steps", random -> 10_000_000L * random.nextInt(5)));
    }

    private static Named<ToLongFunction<Random>> odd(String name, ToLongFunction<Random> distribution) {
        return Named.of(name, distribution);
    }

    @RepeatedTest(30)
    void aMergeOfAnySplitIsAsGoodAsOneSketch(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        long[] latencies = randomLatencies(random);
        List<LatencySketch> parts = split(latencies, 1 + random.nextInt(7), random);

        LatencySketch merged = new LatencySketch();
        parts.forEach(merged::merge);

        assertThat(merged).isEqualTo(sketchOf(latencies));
        assertQuantiles(merged, latencies);
    }

    @RepeatedTest(30)
    void mergingIsAssociativeAndCommutative(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<LatencySketch> abc = split(randomLatencies(random), 3, random);
        LatencySketch a = abc.get(0);
        LatencySketch b = abc.get(1);
        LatencySketch c = abc.get(2);

        assertThat(merge(merge(a, b), c)).isEqualTo(merge(a, merge(b, c)));
        assertThat(merge(a, b)).isEqualTo(merge(b, a));
        assertThat(merge(a, new LatencySketch())).isEqualTo(a);
    }

    @RepeatedTest(30)
    void encodingAndDecodingChangesNothing(RepetitionInfo repetition) {
        long[] latencies = randomLatencies(new Random(repetition.getCurrentRepetition()));
        LatencySketch decoded = LatencySketch.decode(sketchOf(latencies).encode());

        assertThat(decoded).isEqualTo(sketchOf(latencies));
        assertThat(decoded.summarize()).isEqualTo(sketchOf(latencies).summarize());
        assertQuantiles(decoded, latencies);
    }

    @RepeatedTest(30)
    void countSumSmallestAndLargestAreExact(RepetitionInfo repetition) {
        long[] latencies = randomLatencies(new Random(repetition.getCurrentRepetition()));
        LatencySummary summary = Objects.requireNonNull(sketchOf(latencies).summarize());

        assertThat(summary.count()).isEqualTo(latencies.length);
        assertThat(summary.averageNanos())
                .isEqualTo((double) Arrays.stream(latencies).sum() / latencies.length);
        assertThat(summary.minNanos()).isEqualTo(Arrays.stream(latencies).min().orElseThrow());
        assertThat(summary.maxNanos()).isEqualTo(Arrays.stream(latencies).max().orElseThrow());
    }

    private static void assertQuantiles(LatencySketch sketch, long[] latencies) {
        long[] sorted = latencies.clone();
        Arrays.sort(sorted);
        for (double q : QUANTILES) {
            double exact = sorted[(int) Math.floor(q * (sorted.length - 1))];
            assertThat(Math.abs(sketch.quantile(q) - exact))
                    .as("quantile %s of %s values", q, sorted.length)
                    .isLessThanOrEqualTo(exact * (LatencySketch.RELATIVE_ERROR + ROUNDING));
        }
    }

    private static LatencySketch merge(LatencySketch left, LatencySketch right) {
        LatencySketch merged = new LatencySketch();
        merged.merge(left);
        merged.merge(right);
        return merged;
    }

    private static LatencySketch sketchOf(long[] latencies) {
        LatencySketch sketch = new LatencySketch();
        Arrays.stream(latencies).forEach(sketch::add);
        return sketch;
    }

    private static List<LatencySketch> split(long[] latencies, int parts, Random random) {
        List<LatencySketch> sketches =
                IntStream.range(0, parts).mapToObj(part -> new LatencySketch()).toList();
        Arrays.stream(latencies)
                .forEach(latency -> sketches.get(random.nextInt(parts)).add(latency));
        return sketches;
    }

    /** Fast hits and slow misses, some zeros, now and then the whole range. */
    private static long[] randomLatencies(Random random) {
        boolean wholeRange = random.nextInt(4) == 0;
        return random.longs(1 + random.nextInt(5000), 0, 100)
                .map(percent -> wholeRange ? anyLatency(random) : typicalLatency(percent, random))
                .toArray();
    }

    private static long typicalLatency(long percent, Random random) {
        if (percent == 0) {
            return 0;
        }
        double median = percent < 80 ? 20_000 : 15_000_000;
        return (long) (median * Math.exp(random.nextGaussian() * 0.8));
    }

    private static long anyLatency(Random random) {
        return (long) Math.exp(random.nextDouble() * Math.log((double) LatencySketch.MAX_NANOS));
    }
}
