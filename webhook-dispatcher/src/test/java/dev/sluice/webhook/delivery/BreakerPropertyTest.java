package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random answers in random times against the rule in words. */
class BreakerPropertyTest {
    private static final long SECOND = 1_000_000_000L;

    @RepeatedTest(100)
    void opensAfterSoManyInARowAndForTwiceAsLongAfterEachProbe(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int failures = 1 + random.nextInt(5);
        int failingFor = random.nextInt(8);
        Breaker breaker = new Breaker(new BreakerLimits(
                failures, Duration.ofSeconds(failingFor), Duration.ofSeconds(2), Duration.ofSeconds(12)));
        long start = random.nextLong();
        long now = 0;
        int inARow = 0;
        long wait = 0;
        long openedAt = 0;
        long since = 0;
        for (int step = 0; step < 500; step++) {
            now += random.nextInt(5) * SECOND;
            boolean mayProbe = wait > 0 && now - openedAt >= wait * SECOND;
            assertThat(breaker.isHalfOpen(start + now)).isEqualTo(mayProbe);
            assertThat(breaker.closedFor(start + now))
                    .isEqualTo(wait == 0 || mayProbe ? 0 : openedAt + wait * SECOND - now);
            if (random.nextInt(4) == 0) {
                assertThat(breaker.succeeded()).isEqualTo(wait > 0);
                inARow = 0;
                wait = 0;
            } else {
                since = inARow == 0 ? now : since;
                inARow++;
                boolean opens = mayProbe || (wait == 0 && inARow >= failures && now - since >= failingFor * SECOND);
                assertThat(breaker.failed(start + now)).isEqualTo(opens);
                if (opens) {
                    wait = wait == 0 ? 2 : Math.min(2 * wait, 12);
                    openedAt = now;
                }
            }
            assertThat(breaker.isOpen()).isEqualTo(wait > 0);
            assertThat(breaker.failures()).isEqualTo(inARow);
        }
    }

    @Test
    void waitsForTheNextProbeButNoLongerThanItMay() {
        Breaker breaker =
                new Breaker(new BreakerLimits(1, Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(12)));
        assertThat(breaker.awaitProbe(SECOND, 0)).as("it is closed").isFalse();
        assertThat(breaker.failed(0)).isTrue();
        assertThat(breaker.awaitProbe(13 * SECOND, 0)).as("too long").isFalse();
        assertThat(breaker.closedFor(0)).isEqualTo(2 * SECOND);
        assertThat(breaker.awaitProbe(SECOND, 0)).as("it waits longer anyway").isTrue();
        assertThat(breaker.closedFor(0)).isEqualTo(2 * SECOND);
        assertThat(breaker.awaitProbe(5 * SECOND, SECOND)).isTrue();
        assertThat(breaker.closedFor(SECOND)).isEqualTo(5 * SECOND);
        assertThat(breaker.isHalfOpen(6 * SECOND)).isTrue();
    }

    @Test
    void limitsMustBe() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new BreakerLimits(0, second, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new BreakerLimits(1, second, Duration.ZERO, second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BreakerLimits(1, second, second, Duration.ofMillis(999)));
    }
}
