package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSamplerTest {

    private static final long SECOND = 1_000_000_000;
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Random random = new Random(7);
    private long now;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 1})
    void keepsSoManyOfThem(double ratio) {
        TraceSampler sampler = new TraceSampler(ratio, UNBOUNDED, () -> now);
        long kept = random.longs(10_000).filter(sampler::isKept).count();
        assertThat(kept / 10_000.0).isCloseTo(ratio, within(ratio == 0 || ratio == 1 ? 0.0 : 0.02));
    }

    /** A purse that fills by a nanosecond each nanosecond, up to a second, and out of which each that is kept is paid. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20, 1_000})
    void keepsNoMoreThanSoManyASecond(int most) {
        for (long start : new long[] {0, -5, Long.MAX_VALUE - 2 * SECOND}) {
            now = start;
            TraceSampler sampler = new TraceSampler(1, most, () -> now);
            long price = SECOND / most;
            long purse = SECOND;
            for (int i = 0; i < 20_000; i++) {
                long pause = random.nextInt(10) == 0 ? random.nextLong(2 * SECOND) : random.nextLong(price);
                now += pause;
                purse = Math.min(SECOND, purse + pause);
                boolean paid = purse >= price;
                purse -= paid ? price : 0;
                assertThat(sampler.isKept(i)).as("%s, from %s", i, start).isEqualTo(paid);
            }
        }
    }

    @Test
    void whatChancePassesOverTakesNoRoom() {
        TraceSampler sampler = new TraceSampler(0.5, 1, () -> now);
        LongStream.range(0, 100).forEach(i -> assertThat(sampler.isKept(-1)).isFalse());
        assertThat(sampler.isKept(0)).isTrue();
    }

    @Test
    void manyThreadsTogetherKeepAsManyAsOne() throws Exception {
        TraceSampler sampler = new TraceSampler(1, 1_000, () -> now);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Long>> kept = IntStream.range(0, 8)
                    .mapToObj(thread -> threads.submit(() ->
                            LongStream.range(0, 1_000).filter(sampler::isKept).count()))
                    .toList();
            long all = 0;
            for (Future<Long> each : kept) {
                all += each.get();
            }
            assertThat(all).isEqualTo(1_000);
        }
    }
}
