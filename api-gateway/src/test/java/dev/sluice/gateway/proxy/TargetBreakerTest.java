package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.BreakerRule;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetBreakerTest {

    private static final Duration OPEN_FOR = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(5);
    private final TargetBreaker breaker = new TargetBreaker(new BreakerRule(0.5, 4, OPEN_FOR), nanos::get);

    @Test
    void opensWhenTooLargeAShareFailed() {
        breaker.succeeded();
        breaker.succeeded();
        breaker.failed();
        assertThat(breaker.isOpen()).isFalse();
        breaker.failed();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
        assertThat(breaker.remainingNanos()).isEqualTo(OPEN_FOR.toNanos());
    }

    @Test
    void staysClosedBelowTheShareOrTheNumberOfCalls() {
        for (int i = 0; i < 3; i++) {
            breaker.failed();
        }
        assertThat(breaker.isOpen()).isFalse();
        pass(Duration.ofSeconds(11));
        for (int i = 0; i < 20; i++) {
            breaker.succeeded();
            breaker.succeeded();
            breaker.failed();
            assertThat(breaker.tryPass()).isTrue();
        }
    }

    @Test
    void forgetsWhatIsLongAgo() {
        for (int i = 0; i < 3; i++) {
            breaker.failed();
        }
        pass(Duration.ofSeconds(11));
        breaker.failed();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void opensWhenConnectionsInARowCannotBeMade() {
        TargetBreaker patient = new TargetBreaker(new BreakerRule(1, 10_000, OPEN_FOR), nanos::get);
        for (int i = 1; i < TargetBreaker.CONNECT_FAILURES; i++) {
            patient.failedToConnect();
        }
        patient.failed();
        for (int i = 1; i < TargetBreaker.CONNECT_FAILURES; i++) {
            patient.failedToConnect();
        }
        assertThat(patient.isOpen()).isFalse();
        patient.failedToConnect();
        assertThat(patient.isOpen()).isTrue();
    }

    @Test
    void letsOneProbePassAtATimeAndClosesWhenItSucceeds() {
        open();
        pass(OPEN_FOR);
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
        breaker.succeeded();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void opensAgainWhenTheProbeFails() {
        open();
        pass(OPEN_FOR);
        assertThat(breaker.tryPass()).isTrue();
        breaker.failed();
        assertThat(breaker.tryPass()).isFalse();
        assertThat(breaker.remainingNanos()).isEqualTo(OPEN_FOR.toNanos());
    }

    @Test
    void sendsAnotherProbeWhenOneSaidNothing() {
        open();
        pass(OPEN_FOR);
        assertThat(breaker.tryPass()).isTrue();
        breaker.abandoned();
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void staysOpenWhenACallFromBeforeSucceeds() {
        open();
        breaker.succeeded();
        assertThat(breaker.tryPass()).isFalse();
        breaker.failed();
        pass(OPEN_FOR.minusNanos(1));
        assertThat(breaker.remainingNanos()).isEqualTo(1);
        assertThat(breaker.tryPass()).isFalse();
    }

    private void open() {
        for (int i = 0; i < 4; i++) {
            breaker.failed();
        }
        assertThat(breaker.isOpen()).isTrue();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
