package dev.sluice.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.state.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServiceStatusTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final RestartPolicy POLICY = RestartPolicy.STANDARD;

    private final ServiceStatus ready =
            ServiceStatus.waiting("cache-service").started(process(42, START)).ready(START.plusSeconds(2));

    @Test
    void becomesReadyAfterItsStart() {
        assertThat(ready.phase()).isEqualTo(ServicePhase.READY);
        assertThat(ready.pid()).isEqualTo(42);
        assertThat(ready.readySince()).isEqualTo(START.plusSeconds(2));
        assertThat(ready.restarts()).isZero();
    }

    @Test
    void backsOffAfterADeathAndSaysWhy() {
        ServiceStatus dead = ready.died("ended with status 137", START.plusSeconds(5), POLICY);
        assertThat(dead.phase()).isEqualTo(ServicePhase.BACKING_OFF);
        assertThat(dead.pid()).isZero();
        assertThat(dead.detail()).isEqualTo("ended with status 137");
        assertThat(dead.nextStartAt()).isEqualTo(START.plusSeconds(6));
    }

    @Test
    void countsARestartWhenItIsStartedAgain() {
        ServiceStatus again =
                ready.died("gone", START.plusSeconds(5), POLICY).started(process(43, START.plusSeconds(6)));
        assertThat(again.restarts()).isEqualTo(1);
        assertThat(again.phase()).isEqualTo(ServicePhase.STARTING);
        assertThat(again.detail()).isNull();
    }

    @Test
    void waitsLongerWhenItDiesAgainSoon() {
        Instant secondDeath = START.plusSeconds(10);
        ServiceStatus dead = ready.died("gone", START.plusSeconds(5), POLICY)
                .started(process(43, START.plusSeconds(6)))
                .ready(START.plusSeconds(8))
                .died("gone", secondDeath, POLICY);
        assertThat(dead.failures()).isEqualTo(2);
        assertThat(dead.nextStartAt()).isEqualTo(secondDeath.plusSeconds(2));
    }

    @Test
    void forgetsOldDeathsAfterAStableTime() {
        Instant muchLater = START.plusSeconds(8).plus(Duration.ofMinutes(2));
        ServiceStatus dead = ready.died("gone", START.plusSeconds(5), POLICY)
                .started(process(43, START.plusSeconds(6)))
                .ready(START.plusSeconds(8))
                .died("gone", muchLater, POLICY);
        assertThat(dead.failures()).isEqualTo(1);
        assertThat(dead.nextStartAt()).isEqualTo(muchLater.plusSeconds(1));
    }

    @Test
    void deathBeforeReadinessCountsAsAFailureInARow() {
        ServiceStatus dead = ready.died("gone", START.plusSeconds(5), POLICY)
                .started(process(43, START.plusSeconds(6)))
                .died("gone while starting", START.plusSeconds(7), POLICY);
        assertThat(dead.failures()).isEqualTo(2);
    }

    @Test
    void keepsItsProcessWhileItIsStoppedAndNotAfterwards() {
        assertThat(ready.stopping().pid()).isEqualTo(42);
        assertThat(ready.stopping().stopped().pid()).isZero();
    }

    private static ProcessIdentity process(long pid, Instant startedAt) {
        return new ProcessIdentity(pid, startedAt, null);
    }
}
