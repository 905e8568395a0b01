package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GcraTest {

    private static final long NOW = Limits.micros("2026-03-01T12:00:00Z");

    private final Gcra gcra = new Gcra(10, 20);

    @Test
    void admitsTheBurstAndThenTheRate() {
        LimitState state = LimitState.NONE;
        for (int i = 0; i < 20; i++) {
            state = gcra.settle(state, NOW);
            assertThat(gcra.admits(state, 1)).isTrue();
            state = gcra.charge(state, 1);
        }
        assertThat(gcra.remaining(state)).isZero();
        assertThat(gcra.admits(gcra.settle(state, NOW + 99_999), 1)).isFalse();
        assertThat(gcra.admits(gcra.settle(state, NOW + 100_000), 1)).isTrue();
        assertThat(gcra.microsUntilMore(state, NOW)).isEqualTo(100_000);
        assertThat(gcra.microsUntilAdmitted(state, 3, NOW)).isEqualTo(300_000);
    }

    @Test
    void isEmptyAgainAfterItsBurstHasDrained() {
        LimitState full = gcra.charge(gcra.settle(LimitState.NONE, NOW), 20);
        assertThat(gcra.expiry(full)).isEqualTo(NOW + 2_000_000);
        LimitState later = gcra.settle(full, gcra.expiry(full));
        assertThat(gcra.used(later)).isZero();
        assertThat(gcra.microsUntilMore(later, NOW)).isZero();
    }

    @Test
    void believesNoMoreThanItsBurstAfterATierWasLowered() {
        LimitState high = new LimitState(500_000_000, NOW);
        assertThat(gcra.used(gcra.settle(high, NOW))).isEqualTo(20);
    }

    @Test
    void isNotHeldUpByAClockThatStepsBack() {
        LimitState full = gcra.charge(gcra.settle(LimitState.NONE, NOW), 20);
        LimitState back = gcra.settle(full, NOW - 3_600_000_000L);
        assertThat(gcra.remaining(back)).isZero();
        assertThat(gcra.remaining(gcra.settle(back, NOW - 3_600_000_000L + 1_000_000)))
                .isEqualTo(10);
    }

    @Test
    void refusesACostAboveItsBurstForEverAndSaysWhenItIsEmpty() {
        LimitState half = gcra.charge(gcra.settle(LimitState.NONE, NOW), 10);
        assertThat(gcra.admits(gcra.settle(half, NOW + 3_600_000_000L), 21)).isFalse();
        assertThat(gcra.microsUntilAdmitted(half, 21, NOW)).isEqualTo(1_000_000);
    }

    @Test
    void looksWithoutACostEvenWhenFull() {
        assertThat(gcra.admits(new LimitState(20_000_000, NOW), 0)).isTrue();
    }

    @Test
    void namesTheNumberThatIsOutOfBounds() {
        assertThatThrownBy(() -> new Gcra(0, 1)).hasMessageContaining("quota must be from 1");
        assertThatThrownBy(() -> new Gcra(1, 1_000_000_001)).hasMessageContaining("burst must be from 1");
    }
}
