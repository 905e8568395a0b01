package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {

    private final Breaker breaker = new Breaker(3);

    @Test
    void opensAtTheThirdFailureInARow() {
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        breaker.succeeded();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.failed()).isTrue();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.failed()).isFalse();
    }

    @Test
    void opensAtOnceWhenItIsTold() {
        assertThat(breaker.open()).isTrue();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.open()).isFalse();
    }

    @Test
    void isNotClosedByASuccessButByWhoLookedAfterIt() {
        breaker.open();
        breaker.succeeded();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.close(breaker.openings())).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.close(breaker.openings())).isFalse();
    }

    @Test
    void staysOpenWhenItWasOpenedAgainSinceTheLookBegan() {
        breaker.open();
        long looked = breaker.openings();
        breaker.open();
        assertThat(breaker.close(looked)).isFalse();
        assertThat(breaker.isOpen()).isTrue();
        long again = breaker.openings();
        breaker.close(again);
        breaker.open();
        assertThat(breaker.close(again)).isFalse();
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void isClosedByTheFirstWordWhereOnlySilenceHasOpenedIt() {
        assertThat(breaker.closeAfterSilence("one")).isFalse();
        assertThat(breaker.openForSilence("one")).isTrue();
        assertThat(breaker.openForSilence("one")).isFalse();
        assertThat(breaker.closeAfterSilence("one")).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        breaker.openForSilence("one");
        breaker.open();
        assertThat(breaker.closeAfterSilence("one")).isFalse();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.openForSilence("one")).isFalse();
        assertThat(breaker.closeAfterSilence("one")).isFalse();
    }

    @Test
    void isNotClosedByTheWordOfAnotherThanWhoIsSilent() {
        breaker.openForSilence("one");
        assertThat(breaker.closeAfterSilence("other")).isFalse();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.closeAfterSilence("one")).isTrue();
    }

    @Test
    void countsAnewAfterItWasClosed() {
        breaker.failed();
        breaker.failed();
        breaker.open();
        breaker.close(breaker.openings());
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isTrue();
    }
}
