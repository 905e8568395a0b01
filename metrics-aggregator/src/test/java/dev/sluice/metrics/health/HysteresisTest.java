package dev.sluice.metrics.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.health.CacheVerdict.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HysteresisTest {

    private static final Instant START = Instant.parse("2026-03-15T10:00:00Z");
    private static final Duration HOLD = Duration.ofSeconds(60);
    private static final HealthRule HIT_RATE = new HealthRule("hit rate", "%", HealthRule.Side.AT_LEAST, null, 50.0);

    /** From good to bad. */
    private static final List<Status> ALL = List.of(Status.HEALTHY, Status.WARNING, Status.DEGRADED);

    /** One look: what the thresholds say, and what the harder ones do. */
    private record Look(Instant at, Status strict, Status wary) {}

    @Test
    void aFigureAroundItsThresholdChangesNothing() {
        Hysteresis verdict = Hysteresis.at(Status.HEALTHY);
        for (int second = 0; second < 3_600; second += 10) {
            double rate = second % 20 == 0 ? 49 : 51;
            verdict = verdict.next(START.plusSeconds(second), strict(rate), wary(rate), HOLD);
            assertThat(verdict.status()).isEqualTo(Status.HEALTHY);
        }
    }

    @Test
    void whatIsBadForLongEnoughIsSaidOnceAndTakenBackByAMargin() {
        Hysteresis verdict = Hysteresis.at(Status.HEALTHY);
        assertThat(verdict.next(START, strict(40), wary(40), HOLD).status()).isEqualTo(Status.HEALTHY);
        verdict = hold(verdict, 0, 40);
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(hold(verdict, 100, 52).status())
                .as("not better by the margin")
                .isEqualTo(Status.DEGRADED);
        assertThat(hold(verdict, 100, 56).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void onItsWayFromWarningToDegradedItIsWorseAllTheTime() {
        Hysteresis verdict = Hysteresis.at(Status.HEALTHY);
        for (int second = 0; second <= 60; second += 10) {
            Status bad = second % 20 == 0 ? Status.WARNING : Status.DEGRADED;
            verdict = verdict.next(START.plusSeconds(second), bad, bad, HOLD);
        }
        assertThat(verdict.status()).isEqualTo(Status.WARNING);
    }

    /** The oracle looks back over all that was seen, and knows nothing of what is on its way. */
    @Test
    void saysWhatOneSaysWhoLooksBackOverEverything() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Hysteresis verdict = Hysteresis.at(Status.HEALTHY);
            Status said = Status.HEALTHY;
            List<Look> sinceSaid = new ArrayList<>();
            Instant now = START;
            for (int step = 0; step < 100; step++) {
                now = now.plusSeconds(random.nextInt(1, 40));
                Status strict = ALL.get(random.nextInt(random.nextInt(3) + 1));
                Status wary = ALL.get(random.nextInt(ALL.indexOf(strict), 3));
                sinceSaid.add(new Look(now, strict, wary));
                verdict = verdict.next(now, strict, wary, HOLD);
                Status expected = lookBack(said, sinceSaid);
                assertThat(verdict.status()).as("seed %d, step %d", seed, step).isEqualTo(expected);
                if (expected != said) {
                    said = expected;
                    sinceSaid.clear();
                }
            }
        }
    }

    private static Status lookBack(Status said, List<Look> looks) {
        Look last = looks.getLast();
        for (boolean worse : new boolean[] {true, false}) {
            Instant since = null;
            for (int i = looks.size() - 1; i >= 0 && isOn(said, looks.get(i), worse); i--) {
                since = looks.get(i).at();
            }
            if (since != null && Duration.between(since, last.at()).compareTo(HOLD) >= 0) {
                return worse ? last.strict() : last.wary();
            }
        }
        return said;
    }

    private static boolean isOn(Status said, Look look, boolean worse) {
        boolean isWorse = ALL.indexOf(look.strict()) > ALL.indexOf(said);
        return worse ? isWorse : !isWorse && ALL.indexOf(look.wary()) < ALL.indexOf(said);
    }

    private static Hysteresis hold(Hysteresis before, int from, double rate) {
        Hysteresis verdict = before;
        for (int second = 0; second <= HOLD.toSeconds(); second += 10) {
            verdict = verdict.next(START.plusSeconds(from + second), strict(rate), wary(rate), HOLD);
        }
        return verdict;
    }

    private static Status strict(double rate) {
        return HIT_RATE.find(rate).map(HealthRule.Finding::status).orElse(Status.HEALTHY);
    }

    private static Status wary(double rate) {
        return HIT_RATE.find(rate, 0.1).map(HealthRule.Finding::status).orElse(Status.HEALTHY);
    }
}
