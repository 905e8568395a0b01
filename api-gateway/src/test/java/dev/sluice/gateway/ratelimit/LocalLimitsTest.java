package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalLimitsTest {

    private final FakeClock clock = FakeClock.fixed();
    private final LocalLimits alone = new LocalLimits(() -> 1, 100, clock);
    private final LocalLimits oneOfThree = new LocalLimits(() -> 3, 100, clock);

    @Test
    void admitsThisGatewaysPart() {
        assertThat(admitted(alone, List.of(Limits.daily(10)))).isEqualTo(10);
        assertThat(admitted(oneOfThree, List.of(Limits.daily(10)))).isEqualTo(3);
        assertThat(admitted(oneOfThree, List.of(Limits.of("one", new Gcra(2, 2), Mode.ENFORCE))))
                .isEqualTo(1);
    }

    @Test
    void beginsAgainWithTheNextWindow() {
        assertThat(admitted(alone, List.of(Limits.daily(10)))).isEqualTo(10);
        clock.advance(Duration.ofDays(1));
        assertThat(admitted(alone, List.of(Limits.daily(10)))).isEqualTo(10);
    }

    @Test
    void countsWhatItHearsWasAdmittedElsewhere() {
        alone.note("acme", List.of(Limits.daily(10)), 7);
        assertThat(admitted(alone, List.of(Limits.daily(10)))).isEqualTo(3);
    }

    @Test
    void leavesOutWhatIsOpen() {
        Limit open = Limits.onRedisLoss(Limits.daily(2), OnRedisLoss.OPEN);
        assertThat(admitted(alone, List.of(open))).isEqualTo(100);
        assertThat(admitted(alone, List.of(open, Limits.rate(1, 5)))).isEqualTo(5);
    }

    @Test
    void admitsNothingWhereOneLimitIsClosedButLetsItBeLookedAt() {
        List<Limit> limits = List.of(Limits.onRedisLoss(Limits.daily(2), OnRedisLoss.CLOSED), Limits.rate(5, 5));
        assertThat(alone.decide("acme", limits, 1).verdict()).isEqualTo(Verdict.CLOSED);
        assertThat(alone.decide("acme", limits, 0).verdict()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void keepsTenantsApart() {
        assertThat(admitted(alone, List.of(Limits.daily(10)))).isEqualTo(10);
        assertThat(alone.decide("other", List.of(Limits.daily(10)), 1).verdict())
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void admitsExactlyTheQuotaToManyThreads() {
        long admitted = IntStream.range(0, 5_000)
                .parallel()
                .filter(i -> alone.decide("acme", List.of(Limits.daily(1_000)), 1)
                        .verdict()
                        .admits())
                .count();
        assertThat(admitted).isEqualTo(1_000);
    }

    private static long admitted(LocalLimits limits, List<Limit> rules) {
        return IntStream.range(0, 100)
                .filter(i -> limits.decide("acme", rules, 1).verdict().admits())
                .count();
    }
}
