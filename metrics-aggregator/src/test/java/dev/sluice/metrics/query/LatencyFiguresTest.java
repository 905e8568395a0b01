package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.metrics.percentile.LatencySketch;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyFiguresTest {
    private static final double NANOS_PER_MILLI = 1e6;

    /** What the sketch tells within 1 % is not made worse by its decimals. */
    @ParameterizedTest
    @ValueSource(ints = {5, 30, 300, 1_000, 20_000, 3_000_000})
    void whatIsWithinOnePercentIsToldSo(int mostNanos) {
        for (int seed = 0; seed < 50; seed++) {
            long[] latencies = new Random(seed).longs(1_000, 1, mostNanos + 1L).toArray();
            LatencySketch sketch = new LatencySketch();
            Arrays.stream(latencies).forEach(sketch::add);
            Arrays.sort(latencies);

            LatencyFigures figures = LatencyFigures.of(sketch.summarize());

            assertWithinOnePercent(figures.p50(), latencies, 0.5);
            assertWithinOnePercent(figures.p95(), latencies, 0.95);
            assertWithinOnePercent(figures.p99(), latencies, 0.99);
            assertThat(Objects.requireNonNull(figures.avg()) * NANOS_PER_MILLI)
                    .isCloseTo(Arrays.stream(latencies).average().orElseThrow(), Percentage.withPercentage(0.0001));
        }
    }

    private static void assertWithinOnePercent(@Nullable Double told, long[] sorted, double q) {
        double exact = sorted[(int) Math.floor(q * (sorted.length - 1))];
        assertThat(Objects.requireNonNull(told) * NANOS_PER_MILLI)
                .as("%s of up to %s ns", q, sorted[sorted.length - 1])
                .isCloseTo(exact, within(exact * (LatencySketch.RELATIVE_ERROR + 1e-6)));
    }

    @Test
    void wholeNanosecondsStayWhole() {
        assertThat(LatencyFigures.millis(507)).isEqualTo(0.000507);
        assertThat(LatencyFigures.millis(1_500_000)).isEqualTo(1.5);
        assertThat(LatencyFigures.millis(123_456_789.4)).isEqualTo(123.456789);
    }
}
