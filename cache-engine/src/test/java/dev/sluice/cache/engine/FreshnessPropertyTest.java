package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random lifetimes at random ages against the words of RFC 5861 and the formula of XFetch. The seed is the repetition. */
class FreshnessPropertyTest {

    @RepeatedTest(50)
    void saysWhatTheSpansSay(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 1000; i++) {
            long fresh = 1L + random.nextInt(20);
            long revalidate = random.nextInt(20);
            long error = random.nextInt(20);
            long age = random.nextInt(45);
            Lifetime lifetime = new Lifetime(millis(fresh), millis(revalidate), millis(error));

            assertThat(Freshness.of(lifetime, millis(age)))
                    .as("%s at %s ms", lifetime, age)
                    .isEqualTo(naive(fresh, revalidate, error, age));
            boolean ends = Freshness.of(lifetime, millis(age)) == Freshness.GONE;
            assertThat(ends).isEqualTo(age >= lifetime.whole().toMillis());
        }
    }

    /** Millisecond by millisecond from the beginning. */
    private static Freshness naive(long fresh, long revalidate, long error, long age) {
        Freshness state = Freshness.FRESH;
        for (long now = 0; now <= age; now++) {
            if (now >= fresh) {
                state = Freshness.GONE;
            }
            if (now >= fresh && now < fresh + error) {
                state = Freshness.STALE_IF_ERROR;
            }
            if (now >= fresh && now < fresh + revalidate) {
                state = Freshness.STALE_WHILE_REVALIDATE;
            }
        }
        return state;
    }

    @RepeatedTest(20)
    void isDueExactlyWhenTheFormulaOfThePaperSaysSo(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            Lifetime lifetime = Lifetime.of(millis(1L + random.nextInt(5000)));
            Duration age = millis(random.nextInt(6000));
            Duration cost = millis(random.nextInt(500));
            double beta = random.nextInt(5);
            double uniform = 1 - new Random(seed * 1000L + i).nextDouble();

            Freshness freshness = Freshness.of(lifetime, age, cost, beta, new Random(seed * 1000L + i));

            boolean past = age.compareTo(lifetime.fresh()) >= 0;
            double gap = -cost.toMillis() * beta * Math.log(uniform);
            boolean negligible = lifetime.fresh().minus(age).toMillis() > 16 * beta * cost.toMillis();
            boolean due =
                    !negligible && age.toMillis() + gap >= lifetime.fresh().toMillis();
            assertThat(freshness).isEqualTo(past ? Freshness.GONE : due ? Freshness.FRESH_BUT_DUE : Freshness.FRESH);
        }
    }

    /** One mean cost before the end the chance is 1/e; tables that say 63 % are wrong. */
    @Test
    void theChanceAtTheDistanceOfOneCostIsOneInE() {
        Random random = new Random(1);
        Lifetime lifetime = Lifetime.of(millis(1000));
        int due = 0;
        for (int i = 0; i < 100_000; i++) {
            if (Freshness.of(lifetime, millis(900), millis(100), 1, random) == Freshness.FRESH_BUT_DUE) {
                due++;
            }
        }
        assertThat(due / 100_000.0).isCloseTo(Math.exp(-1), Offset.offset(0.01));
    }

    @Test
    void whatCostNothingOrMustNotBeEarlyIsNeverDue() {
        Random zero = new Random(3);
        for (int i = 0; i < 1000; i++) {
            assertThat(Freshness.of(Lifetime.of(millis(1000)), millis(999), Duration.ZERO, 1, zero))
                    .isEqualTo(Freshness.FRESH);
            assertThat(Freshness.of(Lifetime.of(millis(1000)), millis(999), millis(50), 0, zero))
                    .isEqualTo(Freshness.FRESH);
        }
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
