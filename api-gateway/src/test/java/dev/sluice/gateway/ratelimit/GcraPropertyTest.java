package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bucket against a list of all that was admitted. */
class GcraPropertyTest {

    private record Admitted(long at, long cost) {}

    private final Random random = Randomness.seeded();

    @Test
    void admitsExactlyWhatTheListOfAdmittedRequestsAllows() {
        for (int run = 0; run < 300; run++) {
            long quota = run % 3 == 0 ? random.nextLong(1, 1_000_000) : random.nextLong(1, 50);
            long burst = random.nextLong(1, 40);
            Gcra gcra = new Gcra(quota, burst);
            List<Admitted> admitted = new ArrayList<>();
            LimitState state = LimitState.NONE;
            long now = Limits.micros("2026-01-01T00:00:00Z");
            for (int i = 0; i < 200; i++) {
                now += random.nextLong(1 + 3_000_000 / quota);
                long cost = random.nextLong(1, 4);
                LimitState settled = gcra.settle(state, now);
                boolean expected = fits(admitted, now, cost, quota, burst);
                assertThat(gcra.admits(settled, cost))
                        .as("quota %d burst %d cost %d request %d", quota, burst, cost, i)
                        .isEqualTo(expected);
                if (expected) {
                    admitted.add(new Admitted(now, cost));
                    state = gcra.charge(settled, cost);
                }
            }
        }
    }

    @Test
    void tellsTheFirstMomentAtWhichARequestIsAdmitted() {
        for (int run = 0; run < 2_000; run++) {
            Gcra gcra = new Gcra(random.nextLong(1, 5_000), random.nextLong(5, 50));
            long now = Limits.micros("2026-01-01T00:00:00Z");
            LimitState state = new LimitState(random.nextLong(gcra.burst() * 1_000_000 + 1), now);
            long cost = random.nextLong(1, 5);
            long wait = gcra.microsUntilAdmitted(state, cost, now);
            assertThat(gcra.admits(gcra.settle(state, now + wait), cost)).isTrue();
            assertThat(wait == 0 || !gcra.admits(gcra.settle(state, now + wait - 1), cost))
                    .isTrue();
            long more = gcra.microsUntilMore(state, now);
            long before = gcra.remaining(state);
            assertThat(gcra.remaining(gcra.settle(state, now + more))).isGreaterThanOrEqualTo(before);
            assertThat(more == 0 || gcra.remaining(gcra.settle(state, now + more - 1)) == before)
                    .isTrue();
        }
    }

    @Test
    void countsTheSameHoweverOftenItIsLookedAt() {
        for (int run = 0; run < 1_000; run++) {
            Gcra gcra = new Gcra(random.nextLong(1, 3_000_000), random.nextLong(1, 1_000_000));
            long now = Limits.micros("2026-01-01T00:00:00Z");
            LimitState state = new LimitState(random.nextLong(gcra.burst() * 1_000_000 + 1), now);
            long middle = now + random.nextLong(5_000_000);
            long end = middle + random.nextLong(5_000_000);
            assertThat(gcra.settle(gcra.settle(state, middle), end)).isEqualTo(gcra.settle(state, end));
        }
    }

    /** No stretch that ends now may have more than the burst and what the rate gave in it. */
    private static boolean fits(List<Admitted> admitted, long now, long cost, long quota, long burst) {
        long sum = cost;
        if (sum > burst) {
            return false;
        }
        for (Admitted one : admitted.reversed()) {
            sum += one.cost();
            if (sum * 1_000_000 > burst * 1_000_000 + (now - one.at()) * quota) {
                return false;
            }
        }
        return true;
    }
}
