package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Breaker.State;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final Breaker breaker = new Breaker(3, 1000);

    @Test
    void opensAfterFailuresInARow() {
        fail(2, 0);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        fail(1, 0);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.acquire(999)).isEqualTo(Breaker.REFUSED);
    }

    @Test
    void failsFromTheFirstCallWithoutAnswerToTheNextThatHasOne() {
        assertThat(breaker.isFailing()).isFalse();

        fail(1, 0);
        assertThat(breaker.isFailing()).isTrue();
        breaker.succeeded(breaker.acquire(0));
        assertThat(breaker.isFailing()).isFalse();

        fail(3, 0);
        long probe = breaker.acquire(1000);
        assertThat(breaker.isFailing()).isTrue();
        breaker.succeeded(probe);
        assertThat(breaker.isFailing()).isFalse();
    }

    /** A process that stood still for a moment has not lost what it asks. */
    @Test
    void callsThatWereMadeAtOnceFailAsOne() {
        long[] together = new long[100];
        for (int i = 0; i < together.length; i++) {
            together[i] = breaker.acquire(0);
        }
        for (long call : together) {
            breaker.failed(call, 250);
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(1, 250);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(1, 250);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void oneSuccessForgetsTheFailuresBeforeIt() {
        fail(2, 0);
        breaker.succeeded(breaker.acquire(0));
        fail(2, 0);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void letsOneCallThroughAfterThePause() {
        fail(3, 0);

        assertThat(breaker.acquire(1000)).isNotEqualTo(Breaker.REFUSED);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.acquire(5000)).isEqualTo(Breaker.REFUSED);
    }

    @Test
    void closesWhenThatCallSucceeds() {
        fail(3, 0);
        long probe = breaker.acquire(1000);
        assertThat(breaker.wouldClose(probe)).isTrue();

        breaker.succeeded(probe);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.acquire(1000)).isNotEqualTo(Breaker.REFUSED);
    }

    @Test
    void waitsAgainWhenThatCallFails() {
        fail(3, 0);
        breaker.failed(breaker.acquire(1000), 1200);

        assertThat(breaker.acquire(2199)).isEqualTo(Breaker.REFUSED);
        assertThat(breaker.acquire(2200)).isNotEqualTo(Breaker.REFUSED);
    }

    @Test
    void callsFromBeforeTheOutageHaveNoSay() {
        long slow = breaker.acquire(0);
        long slower = breaker.acquire(0);
        fail(3, 0);
        long probe = breaker.acquire(1000);

        breaker.succeeded(slow);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.failed(slower, 1000);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.wouldClose(slow)).isFalse();

        breaker.succeeded(probe);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aClockThatGoesBackDoesNotKeepItOpen() {
        fail(3, 1_000_000);

        assertThat(breaker.acquire(10)).isNotEqualTo(Breaker.REFUSED);
    }

    private void fail(int times, long nowMillis) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.acquire(nowMillis), nowMillis);
        }
    }
}
