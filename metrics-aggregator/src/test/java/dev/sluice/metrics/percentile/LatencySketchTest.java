package dev.sluice.metrics.percentile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySketchTest {
    @Test
    void anEmptySketchHasNoSummary() {
        assertThat(new LatencySketch().summarize()).isNull();
        assertThat(LatencySketch.decode(new LatencySketch().encode())).isEqualTo(new LatencySketch());
    }

    @Test
    void oneValueIsEveryQuantileExactly() {
        LatencySketch sketch = sketchOf(123_456_789);
        assertThat(sketch.summarize())
                .isEqualTo(new LatencySummary(
                        1, 123_456_789, 123_456_789, 123_456_789, 123_456_789, 123_456_789, 123_456_789, 123_456_789));
    }

    @Test
    void hostileLatenciesAreClampedAndCounted() {
        LatencySketch sketch = sketchOf(-1, Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(sketch.count()).isEqualTo(3);
        assertThat(sketch.quantile(0)).isZero();
        assertThat(sketch.quantile(1)).isEqualTo((double) LatencySketch.MAX_NANOS);
    }

    @Test
    void theSumStopsAtItsLimitInsteadOfTurningNegative() {
        LatencySketch sketch = sketchOf(Long.MAX_VALUE);
        for (int doubling = 0; doubling < 40; doubling++) {
            sketch.merge(LatencySketch.decode(sketch.encode()));
        }
        LatencySummary summary = Objects.requireNonNull(sketch.summarize());
        assertThat(summary.averageNanos()).isPositive();
        assertThat(summary.count()).isEqualTo(1L << 40);
    }

    @Test
    void theOtherSketchStaysAsItIs() {
        LatencySketch other = sketchOf(5);
        sketchOf(7).merge(other);
        assertThat(other).isEqualTo(sketchOf(5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void refusesWhatIsNoQuantile(double q) {
        assertThatThrownBy(() -> sketchOf(1).quantile(q)).hasMessageContaining("q must be between 0 and 1");
    }

    @Test
    void tenThousandLatenciesTakeAboutOneKilobyte() {
        LatencySketch sketch = new LatencySketch();
        for (int i = 1; i <= 10_000; i++) {
            sketch.add(i * 10_000L);
        }
        assertThat(sketch.encode()).hasSizeLessThan(1_500);
    }

    @Test
    void theWholeRangeNeedsFewerBinsThanTheDesignSays() {
        CubicallyInterpolatedMapping mapping = new CubicallyInterpolatedMapping(LatencySketch.RELATIVE_ERROR);
        assertThat(mapping.index((double) LatencySketch.MAX_NANOS) - mapping.index(1))
                .isLessThan(1_700);
    }

    @Test
    void versionOneKeepsItsBytes() {
        assertThat(sketchOf(0, 1, 2, 1_000_000).encode())
                .isEqualTo(new byte[] {1, 4, 0, -64, -124, 61, -61, -124, 61, 1, 3, 0, 1, 68, 1, -82, 10, 1});
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = sketchOf(0, 1, 2, 1_000_000).encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> LatencySketch.decode(truncated)).isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void refusesTrailingBytesAndOtherVersions() {
        byte[] bytes = sketchOf(5).encode();
        assertThatThrownBy(() -> LatencySketch.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("trailing");
        bytes[0] = 2;
        assertThatThrownBy(() -> LatencySketch.decode(bytes)).hasMessageContaining("version 2");
    }

    @Test
    void refusesABinThatWouldAllocateGigabytes() {
        byte[] bytes = header(1, 1).writeSigned(Integer.MAX_VALUE).writeCount(1).toByteArray();
        assertThatThrownBy(() -> LatencySketch.decode(bytes)).hasMessageContaining("out of range");
    }

    @Test
    void refusesBinsThatDoNotAddUp() {
        byte[] tooMany = header(1, 1).writeSigned(0).writeCount(2).toByteArray();
        byte[] tooFew = header(3, 1).writeSigned(0).writeCount(2).toByteArray();
        byte[] unordered = header(2, 2)
                .writeSigned(9)
                .writeCount(1)
                .writeSigned(0)
                .writeCount(1)
                .toByteArray();
        assertThatThrownBy(() -> LatencySketch.decode(tooMany)).hasMessageContaining("add up");
        assertThatThrownBy(() -> LatencySketch.decode(tooFew)).hasMessageContaining("add up");
        assertThatThrownBy(() -> LatencySketch.decode(unordered)).hasMessageContaining("out of order");
    }

    /** Everything before the bins: smallest and largest 1 ns, no zeros. */
    private static CompactWriter header(long count, long bins) {
        return new CompactWriter()
                .writeByte(1)
                .writeCount(count)
                .writeCount(1)
                .writeCount(0)
                .writeCount(count)
                .writeCount(0)
                .writeCount(bins);
    }

    private static LatencySketch sketchOf(long... latencies) {
        LatencySketch sketch = new LatencySketch();
        Arrays.stream(latencies).forEach(sketch::add);
        return sketch;
    }

    @Test
    void aSumThatWouldOverflowStaysAtTheMost() {
        long[] days = new long[110_000];
        Arrays.fill(days, Long.MAX_VALUE);
        LatencySketch sketch = new LatencySketch();
        sketch.add(days);

        assertThat(LatencySketch.decode(sketch.encode())).isEqualTo(sketch);
        assertThat(Objects.requireNonNull(sketch.summarize()).averageNanos())
                .isBetween(0.9 * LatencySketch.MAX_NANOS, 1.0 * LatencySketch.MAX_NANOS);
    }

    @Test
    void countsHowManyWereAsLong() {
        LatencySketch sketch = new LatencySketch();
        for (long millis : new long[] {0, 1, 95, 106, 5_000}) {
            sketch.add(millis * 1_000_000);
        }
        assertThat(sketch.countFrom(100_000_000)).isEqualTo(2);
        assertThat(sketch.countFrom(0)).isEqualTo(5);
        assertThat(sketch.countFrom(1)).isEqualTo(4);
        assertThat(sketch.countFrom(Long.MAX_VALUE)).isZero();
        assertThat(new LatencySketch().countFrom(5)).isZero();
    }
}
