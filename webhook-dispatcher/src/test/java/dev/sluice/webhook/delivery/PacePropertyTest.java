package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.webhook.endpoint.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A rate against a list of all that was taken: never more in any time than it allows, never less than it could. */
class PacePropertyTest {

    @RepeatedTest(200)
    void neverMoreInAnyTimeAndNoneTooLate(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int requests = 1 + random.nextInt(20);
        RateLimit limit =
                new RateLimit(requests, Duration.ofSeconds(1 + random.nextInt(100)), 1 + random.nextInt(requests));
        long each = limit.nanosPerRequest();
        long start = random.nextLong();
        Pace pace = new Pace(limit, start);
        List<Long> taken = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 400; step++) {
            now += (long) (each * random.nextDouble() * (random.nextInt(10) == 0 ? 3 * limit.burst() : 1.2));
            long wait = pace.tryTake(limit, start + now);
            assertThat(wait == 0).as("at %s after %s", now, taken).isEqualTo(fits(taken, now, each, limit.burst()));
            if (wait == 0) {
                taken.add(now);
            } else {
                assertThat(fits(taken, now + wait, each, limit.burst())).isTrue();
                assertThat(fits(taken, now + wait - 1, each, limit.burst())).isFalse();
            }
        }
        assertThat(taken).hasSizeGreaterThan(50);
    }

    /** With one more now: from each one that was taken until now at most a burst and what the time since then gives. */
    private static boolean fits(List<Long> taken, long now, long each, int burst) {
        for (int i = 0; i < taken.size(); i++) {
            int count = taken.size() - i + 1;
            if (count > burst + (now - taken.get(i)) / each) {
                return false;
            }
        }
        // What others may have taken at the beginning: a whole burst.
        return taken.size() + 1 <= now / each;
    }

    @Test
    void aLargerLimitCountsAtOnceAndASmallerOneToo() {
        RateLimit slow = new RateLimit(1, Duration.ofHours(1), 1);
        RateLimit quick = new RateLimit(10, Duration.ofSeconds(1), 1);
        Pace pace = new Pace(quick, 0);
        long second = 1_000_000_000L;
        assertThat(pace.tryTake(quick, second)).isZero();
        assertThat(pace.tryTake(slow, second)).isPositive();
        assertThat(pace.tryTake(slow, 2 * second)).isZero();
        assertThat(pace.tryTake(slow, 3 * second)).isEqualTo(3_599 * second);
        assertThat(pace.tryTake(quick, 3 * second)).isEqualTo(second / 10);
        assertThat(pace.tryTake(quick, 3 * second + second / 10)).isZero();
        assertThat(pace.tryTake(quick, 3 * second + second / 10)).isEqualTo(second / 10);
    }
}
