package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShiftsTest {
    private static final int KEYS = 10;
    private static final int BATCH = 64;

    private final Shifts shifts = new Shifts(KEYS);

    /** Ten batches of which all reads are of the sample are enough. */
    @Test
    void restsForSevenTimesAsManyReadsAndMakesUpForThem() {
        long stoodFor = 0;
        for (int batch = 0; batch < 170; batch++) {
            int each = follow(batch);
            assertThat(each).as("batch %d", batch).isEqualTo(batch < 10 ? 1 : (batch - 10) % 79 < 69 ? 0 : Shifts.EACH);
            stoodFor += (long) each * BATCH;
        }
        assertThat(stoodFor).isEqualTo((10 + 2 * 80) * BATCH);
    }

    @Test
    void knowsNothingOfKeysThatMayHaveBeenReadInARest() {
        for (int batch = 0; batch <= 79; batch++) {
            follow(batch);
        }

        assertThat(shifts.hasFollowed(5, 3)).as("read last before it").isFalse();
        assertThat(shifts.hasFollowed(5, 71)).as("read that seldom").isTrue();
        assertThat(shifts.hasFollowed(79, 3)).as("read since").isTrue();
    }

    @Test
    void beginsAnewWithEachHour() {
        for (int batch = 0; batch < 20; batch++) {
            follow(batch);
        }
        assertThat(follow(3_600_000)).isEqualTo(1);
        assertThat(shifts.hasFollowed(5, 3)).isFalse();
        assertThat(follow(3_599_999)).as("time of before").isEqualTo(1);
    }

    private int follow(long atMillis) {
        int each = shifts.begin(atMillis, BATCH);
        if (each > 0) {
            shifts.end(BATCH);
        }
        return each;
    }
}
