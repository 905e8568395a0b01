package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Decisions over several limits against lists of what was charged to each. */
class LimitDecisionPropertyTest {

    private record Charged(long at, long cost) {}

    private final Random random = Randomness.seeded();

    @Test
    void decidesAllLimitsBeforeItChargesAny() {
        for (int run = 0; run < 300; run++) {
            List<Limit> limits = Limits.random(random);
            List<List<Charged>> charged = limits.stream()
                    .map(limit -> new ArrayList<Charged>())
                    .map(list -> (List<Charged>) list)
                    .toList();
            List<LimitState> states = Limits.unused(limits);
            long now = Limits.micros("2026-01-30T23:59:00Z");
            for (int i = 0; i < 150; i++) {
                now += Limits.randomStep(random);
                long cost = random.nextInt(3);
                LimitDecision decision = LimitDecision.decide(limits, states, cost, now);
                List<Boolean> fits = new ArrayList<>();
                for (int j = 0; j < limits.size(); j++) {
                    fits.add(cost == 0 || fits(limits.get(j), charged.get(j), now, cost));
                }
                assertThat(decision.uses().stream().map(use -> !use.exceeded()).toList())
                        .isEqualTo(fits);
                assertThat(decision.verdict()).isEqualTo(verdict(limits, fits));
                if (decision.verdict().admits()) {
                    for (int j = 0; j < limits.size(); j++) {
                        if (fits.get(j) || limits.get(j).mode() == Mode.SOFT) {
                            charged.get(j).add(new Charged(now, cost));
                        }
                    }
                }
                states = decision.after();
            }
        }
    }

    private static Verdict verdict(List<Limit> limits, List<Boolean> fits) {
        Verdict verdict = Verdict.ADMITTED;
        for (int i = 0; i < limits.size(); i++) {
            if (fits.get(i)) {
                continue;
            }
            switch (limits.get(i).mode()) {
                case ENFORCE -> {
                    return Verdict.DENIED;
                }
                case SOFT -> verdict = Verdict.SOFT_EXCEEDED;
                case SHADOW -> verdict = verdict == Verdict.SOFT_EXCEEDED ? verdict : Verdict.SHADOW_EXCEEDED;
            }
        }
        return verdict;
    }

    private static boolean fits(Limit limit, List<Charged> charged, long now, long cost) {
        return switch (limit.algorithm()) {
            case Gcra(long quota, long burst) ->
                level(charged, now, quota, burst) + cost * 1_000_000 <= burst * 1_000_000;
            case CalendarWindow window -> {
                long start = window.period().startOf(now);
                long used = charged.stream()
                        .filter(one -> one.at() >= start)
                        .mapToLong(Charged::cost)
                        .sum();
                yield used + cost <= window.quota();
            }
        };
    }

    /** Replays everything that was ever poured in; what a soft limit poured over the rim was lost. */
    private static long level(List<Charged> charged, long now, long quota, long burst) {
        long level = 0;
        long at = 0;
        for (Charged one : charged) {
            level = drained(level, one.at() - at, quota);
            level = Math.min(level + one.cost() * 1_000_000, burst * 1_000_000);
            at = one.at();
        }
        return drained(level, now - at, quota);
    }

    private static long drained(long level, long elapsed, long quota) {
        // Nothing here takes longer than a minute to drain.
        return Math.max(0, level - Math.min(elapsed, 60_000_000) * quota);
    }
}
