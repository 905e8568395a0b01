package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HeavyKeysTest {
    private final HeavyKeys keys = new HeavyKeys();

    @Test
    void tellsThoseThatAreReadMost() {
        long[] heaviest = firstTold(Workloads.zipf(10_000, 100_000, new Random(1)));

        assertThat(heaviest).hasSizeBetween(30, HeavyKeys.MOST).isSorted();
        for (int rank = 0; rank < 20; rank++) {
            assertThat(heaviest).as("rank %d", rank).contains(Workloads.keyOf(rank));
        }
    }

    @Test
    void tellsNoneWhereAllAreReadAlike() {
        assertThat(firstTold(Workloads.uniform(10_000, 100_000, new Random(2)))).isEmpty();
    }

    @Test
    void tellsNoMoreThanItMay() {
        assertThat(firstTold(Workloads.uniform(200, 100_000, new Random(3)))).hasSize(HeavyKeys.MOST);
    }

    /** Each second read is of the same key: by steps of two it would be all or nothing. */
    @Test
    void isNotMisledByReadsInTurns() {
        List<Long> stream = LongStream.range(0, 100_000)
                .mapToObj(at -> Workloads.keyOf(at % 2 == 0 ? 1 : at % 4 == 1 ? 2 : at))
                .toList();

        assertThat(firstTold(stream)).containsExactlyInAnyOrder(Workloads.keyOf(1), Workloads.keyOf(2));
    }

    @Test
    void goesByWhatWasReadSinceItWasAsked() {
        assertThat(firstTold(Workloads.uniform(10, 100_000, new Random(4)))).hasSize(10);
        List<Long> others = LongStream.range(0, 100_000)
                .mapToObj(at -> Workloads.keyOf(100 + at % 3))
                .toList();

        assertThat(firstTold(others)).hasSize(3).contains(Workloads.keyOf(100));
    }

    private long[] firstTold(List<Long> stream) {
        for (long key : stream) {
            if (keys.read(key)) {
                return keys.take();
            }
        }
        throw new AssertionError("never enough");
    }
}
