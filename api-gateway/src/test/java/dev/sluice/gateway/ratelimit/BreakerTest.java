package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final FakeClock clock = FakeClock.fixed();
    private final Breaker breaker = new Breaker(3, Duration.ofMillis(500), clock);

    @Test
    void opensAtTheThirdFailureInARow() {
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        breaker.succeeded();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.failed()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void letsOneCallPassInEachPauseUntilOneSucceeds() {
        open();
        clock.advance(Duration.ofMillis(500));
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
        assertThat(breaker.failed()).isFalse();
        clock.advance(Duration.ofMillis(499));
        assertThat(breaker.tryPass()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(breaker.tryPass()).isTrue();
        breaker.succeeded();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void staysOpenForNoLongerWhenTheClockIsSetBack() {
        open();
        clock.advance(Duration.ofHours(-1));
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void triesAgainWhenACallNeverToldItsOutcome() {
        open();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(500));
            assertThat(breaker.tryPass()).isTrue();
        }
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.failed()).isEqualTo(i == 2);
        }
    }
}
