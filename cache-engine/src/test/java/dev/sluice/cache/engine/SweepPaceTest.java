package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SweepPaceTest {

    private static final Duration QUICK = Duration.ofNanos(300_000);
    private static final Duration SLOW = SweepPace.LONG.multipliedBy(3);

    private final SweepPace pace = new SweepPace();

    @Test
    void restsInProportionToTheBite() {
        assertThat(pace.restAfter(QUICK)).isEqualTo(QUICK.multipliedBy(SweepPace.REST));
        assertThat(pace.restAfter(SLOW)).isEqualTo(SLOW.multipliedBy(SweepPace.REST));
        assertThat(pace.restAfter(Duration.ofSeconds(10))).isEqualTo(SweepPace.MAX_REST);
    }

    @Test
    void bitesGrowSlowlyAndShrinkAtOnce() {
        assertThat(pace.bite()).isEqualTo(SweepPace.MIN_BITE);
        for (int i = 0; i < 100; i++) {
            pace.restAfter(QUICK);
        }
        assertThat(pace.bite()).isEqualTo(SweepPace.MAX_BITE);
        pace.restAfter(SLOW);
        assertThat(pace.bite()).isEqualTo(SweepPace.MAX_BITE / 2);
        pace.restAfter(QUICK);
        assertThat(pace.bite()).isEqualTo(SweepPace.MAX_BITE / 2 + 1);
    }

    @Test
    void neverStopsAndNeverTakesMoreThanItsPart() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            Duration took = Duration.ofNanos((long) Math.pow(10, 3 + 7 * random.nextDouble()));
            Duration rest = pace.restAfter(took);
            assertThat(pace.bite()).isBetween(SweepPace.MIN_BITE, SweepPace.MAX_BITE);
            assertThat(rest).isPositive().isLessThanOrEqualTo(SweepPace.MAX_REST);
            assertThat(rest.equals(SweepPace.MAX_REST) || rest.equals(took.multipliedBy(SweepPace.REST)))
                    .isTrue();
        }
    }
}
