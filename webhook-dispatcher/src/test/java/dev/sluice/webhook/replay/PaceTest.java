package dev.sluice.webhook.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many go in a second, whatever the clock does between. */
class PaceTest {

    @Test
    void noMoreGoInAnySecondThanItAllows() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int perSecond = 1 + random.nextInt(1_000);
            long now = random.nextLong(Long.MAX_VALUE / 2);
            Pace pace = new Pace(perSecond, now);
            long[] went = new long[3_000];
            for (int i = 0; i < went.length; i++) {
                now += pace.waitNanos(now) + (random.nextInt(50) == 0 ? random.nextLong(2_000_000_000L) : 0);
                assertThat(pace.waitNanos(now)).isZero();
                pace.spend(now);
                went[i] = now;
            }
            for (int i = perSecond; i < went.length; i++) {
                // One more than allowed never fits, but for what is lost in whole nanoseconds.
                assertThat(went[i] - went[i - perSecond])
                        .as("seed %d", seed)
                        .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1) - perSecond);
            }
        }
    }
}
