package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.cache.engine.MemoryGauge.Reading;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** How large the first level may be, against arithmetic without bounds and in a heap that others use too. The seed is the repetition. */
class PressurePolicyPropertyTest {

    private static final int STEPS = 500;

    @RepeatedTest(200)
    void decidesAsTheNaiveRuleDoes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int step = 0; step < STEPS; step++) {
            long full = 1 + random.nextLong(1L << (1 + random.nextInt(60)));
            long floor = random.nextLong(full + 1);
            long limit = floor + random.nextLong(full - floor + 1);
            long weight = random.nextLong(limit + 1);
            long max = 1 + random.nextLong(1L << (1 + random.nextInt(60)));
            Reading reading = new Reading(random.nextLong(max + 1), max);

            assertThat(new PressurePolicy(floor, full).next(limit, weight, reading))
                    .isEqualTo(naive(floor, full, limit, weight, reading));
        }
    }

    /** Others take and give memory; what is measured is theirs and that of the first level, which always fills up. */
    @RepeatedTest(100)
    void inAHeapWithOthersItGivesWayAndComesBack(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        long heap = 1_000_000;
        PressurePolicy policy = new PressurePolicy(50_000, 400_000);
        long limit = policy.full();
        long others = 300_000;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(10) == 0) {
                others = random.nextLong(heap - limit);
            }
            long before = limit;
            limit = policy.next(limit, limit, new Reading(Math.min(heap, others + limit), heap));
            assertThat(limit).isBetween(policy.floor(), policy.full());
            long again = policy.next(limit, limit, new Reading(Math.min(heap, others + limit), heap));
            boolean isShort = others + limit > 850_000;
            assertThat(isShort && limit > policy.floor())
                    .as("one step is enough where weights are exact: %s, then %s with %s", before, limit, others)
                    .isFalse();
            assertThat(again).as("it does not swing").isEqualTo(limit);
            if (others + policy.full() < 700_000) {
                assertThat(limit).as("all of it where there is room").isEqualTo(policy.full());
            }
        }
    }

    /** Weights are estimates: where copies take more or less than was thought, it takes more steps and ends all the same. */
    @RepeatedTest(100)
    void wrongWeightsTakeMoreStepsAndEndAllTheSame(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double error = 0.6 + random.nextDouble() * 0.9;
        long others = random.nextLong(840_000);
        PressurePolicy policy = new PressurePolicy(0, 400_000);
        long limit = policy.full();
        int changes = 0;
        for (int step = 0; step < 100; step++) {
            long live = Math.min(1_000_000, others + (long) (limit * error));
            long next = policy.next(limit, limit, new Reading(live, 1_000_000));
            changes += next == limit ? 0 : 1;
            limit = next;
        }

        assertThat(others + (long) (limit * error)).isLessThanOrEqualTo(850_000);
        assertThat(changes).isLessThan(30);
    }

    @Test
    void aFloorIsWithinTheFullSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PressurePolicy(11, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new PressurePolicy(-1, 10));
    }

    private static long naive(long floor, long full, long limit, long weight, Reading reading) {
        BigDecimal live = BigDecimal.valueOf(reading.liveBytes());
        BigDecimal high = share(reading.maxBytes(), "0.85");
        BigDecimal aim = share(reading.maxBytes(), "0.70");
        if (live.compareTo(high) > 0) {
            BigDecimal less = BigDecimal.valueOf(Math.min(limit, weight)).subtract(live.subtract(aim));
            return less.max(BigDecimal.valueOf(floor))
                    .min(BigDecimal.valueOf(limit))
                    .longValueExact();
        }
        if (live.compareTo(aim) < 0) {
            BigDecimal more = BigDecimal.valueOf(weight).add(aim.subtract(live));
            return more.max(BigDecimal.valueOf(limit))
                    .min(BigDecimal.valueOf(full))
                    .longValueExact();
        }
        return limit;
    }

    /** In whole bytes. */
    private static BigDecimal share(long bytes, String part) {
        return new BigDecimal(
                BigDecimal.valueOf(bytes).multiply(new BigDecimal(part)).toBigInteger());
    }
}
