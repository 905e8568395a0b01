package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.FakeSharedLimits.Mood;
import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class RateLimiterTest {

    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final List<Limit> TEN_A_DAY = List.of(Limits.daily(10));

    private final FakeClock clock = FakeClock.fixed();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeSharedLimits shared = new FakeSharedLimits(clock);
    private final RateLimiter limiter = new RateLimiter(
            shared, new LocalLimits(1, 100, clock), new Breaker(3, Duration.ofMillis(500), clock), DEADLINE, meters);

    @Test
    void decidesByTheSharedLimitsAndCountsVerdicts() {
        assertThat(admitted(15)).isEqualTo(10);
        assertThat(count("admitted")).isEqualTo(10);
        assertThat(count("denied")).isEqualTo(5);
        assertThat(failures()).isZero();
    }

    @Test
    void waitsForAHungRedisNoLongerThanTheDeadline() {
        shared.turn(Mood.HANGS);
        StepVerifier.withVirtualTime(() -> limiter.decide("acme", TEN_A_DAY, 1))
                .expectSubscription()
                .expectNoEvent(DEADLINE.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectNextMatches(decision -> decision.verdict().admits())
                .verifyComplete();
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void doesNotHandTheQuotaOutAgainWhenRedisIsLost() {
        assertThat(admitted(7)).isEqualTo(7);
        shared.turn(Mood.FAILS);
        assertThat(admitted(15)).isEqualTo(3);
    }

    @Test
    void countsWhatItsOwnCountsDecidedInsteadOfRedis() {
        admitted(2);
        assertThat(localDecisions()).isZero();
        shared.turn(Mood.FAILS);
        admitted(5);
        // Three were asked for in vain, two were not asked for.
        assertThat(localDecisions()).isEqualTo(5);
        assertThat(failures()).isEqualTo(3);
    }

    @Test
    void leavesRedisAloneAfterThreeFailuresAndComesBack() {
        shared.turn(Mood.FAILS);
        assertThat(admitted(8)).isEqualTo(8);
        assertThat(shared.calls()).isEqualTo(3);
        clock.advance(Duration.ofMillis(500));
        assertThat(admitted(2)).isEqualTo(2);
        assertThat(shared.calls()).isEqualTo(4);
        shared.turn(Mood.ANSWERS);
        clock.advance(Duration.ofMillis(500));
        assertThat(admitted(1)).isEqualTo(1);
        assertThat(admitted(3)).isEqualTo(3);
        assertThat(shared.calls()).isEqualTo(8);
        assertThat(failures()).isEqualTo(4);
    }

    @Test
    void looksWithoutChargingOrCounting() {
        for (int i = 0; i < 20; i++) {
            LimitDecision seen = limiter.peek("acme", TEN_A_DAY).blockOptional().orElseThrow();
            assertThat(seen.uses().getFirst().remaining()).isEqualTo(10);
        }
        assertThat(count("admitted")).isZero();
        assertThat(admitted(15)).isEqualTo(10);
    }

    @Test
    void admitsWhatNoLimitCoversWithoutAskingRedis() {
        LimitDecision decision =
                limiter.decide("acme", List.of(), 1).blockOptional().orElseThrow();
        assertThat(decision.verdict()).isEqualTo(Verdict.ADMITTED);
        assertThat(shared.calls()).isZero();
        assertThat(localDecisions()).isZero();
    }

    private long admitted(int requests) {
        return IntStream.range(0, requests)
                .filter(i -> limiter.decide("acme", TEN_A_DAY, 1)
                        .blockOptional()
                        .orElseThrow()
                        .verdict()
                        .admits())
                .count();
    }

    private double count(String verdict) {
        return meters.get("sluice.ratelimit.decisions")
                .tag("verdict", verdict)
                .counter()
                .count();
    }

    private double localDecisions() {
        return meters.get("sluice.ratelimit.local.decisions").counter().count();
    }

    private double failures() {
        return meters.get("sluice.ratelimit.redis.failures").counter().count();
    }
}
