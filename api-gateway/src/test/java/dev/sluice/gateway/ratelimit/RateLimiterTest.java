package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.FakeSharedLimits.Mood;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class RateLimiterTest {

    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Duration LATENESS_AND_MORE = Duration.ofMillis(600);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<Limit> TEN_A_DAY = List.of(Limits.daily(10));

    private final FakeClock clock = FakeClock.fixed();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeSharedLimits shared = new FakeSharedLimits(clock);
    private TestGateway gateway = RateLimiters.gateway(shared, clock, DEADLINE, meters);

    @Test
    void decidesByTheSharedLimitsAndCountsVerdicts() {
        assertThat(admitted(15)).isEqualTo(10);
        assertThat(count("admitted")).isEqualTo(10);
        assertThat(count("denied")).isEqualTo(5);
        assertThat(failures()).isZero();
    }

    @Test
    void waitsForAHungRedisNoLongerThanItsPatience() {
        shared.turn(Mood.HANGS);
        StepVerifier.withVirtualTime(() -> gateway.limiter().decide("acme", TEN_A_DAY, 1))
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
        assertThat(localDecisions()).isEqualTo(5);
        // What is owed is told in vain as well.
        assertThat(failures()).isBetween(3.0, 5.0);
    }

    @Test
    void leavesRedisAloneAfterThreeFailuresAndTellsItLaterWhatWasAdmitted() {
        List<Limit> limits = List.of(Limits.daily(100));
        shared.turn(Mood.FAILS);
        assertThat(admitted(limits, 8)).isEqualTo(8);
        assertThat(shared.calls()).isBetween(3, 5);
        shared.turn(Mood.ANSWERS);
        clock.advance(Duration.ofMillis(500));
        look();
        assertThat(admitted(limits, 1)).isEqualTo(1);
        await().untilAsserted(() -> {
            assertThat(admitted(limits, 1)).isEqualTo(1);
            assertThat(gateway.limiter()
                            .peek("acme", limits)
                            .blockOptional()
                            .orElseThrow()
                            .uses()
                            .getFirst()
                            .used())
                    .isEqualTo((long) count("admitted"));
        });
        admitted(limits, 200);
        assertThat(count("admitted")).isEqualTo(100);
    }

    /** Two buckets that drain side by side would admit more than one. */
    @Test
    void admitsToARateWhenRedisIsBackOnlyWhatTimeAdded() {
        List<Limit> limits = List.of(Limits.rate(10, 20));
        assertThat(admitted(limits, 10)).isEqualTo(10);
        shared.turn(Mood.FAILS);
        assertThat(admitted(limits, 30)).isEqualTo(10);
        shared.turn(Mood.ANSWERS);
        clock.advance(Duration.ofMillis(500));
        look();
        assertThat(admitted(limits, 30)).isEqualTo(5);
    }

    @Test
    void chargesOnceWhatWasDecidedLateAndAlone() {
        List<Limit> limits = List.of(Limits.daily(100), Limits.rate(100, 100));
        shared.turn(Mood.LATE);
        assertThat(admitted(limits, 2)).isEqualTo(2);
        shared.turn(Mood.ANSWERS);
        assertThat(usedOf(limits)).containsExactly(2L, 2L);
        // What is late has arrived, and is settled.
        await().during(LATENESS_AND_MORE)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(usedOf(limits)).containsExactly(2L, 2L));
    }

    @Test
    void chargesWhatItAdmittedAloneThoughItWasRefusedLate() {
        List<Limit> limits = List.of(Limits.daily(100));
        shared.decide("acme", limits, 100).block(PATIENCE);
        shared.turn(Mood.LATE);
        assertThat(admitted(limits, 1)).isEqualTo(1);
        shared.turn(Mood.ANSWERS);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(usedOf(limits)).containsExactly(101L));
    }

    @Test
    void admitsNoMoreThanTheQuotaWhenTheSharedCountsAreLost() {
        assertThat(admitted(7)).isEqualTo(7);
        shared.forget();
        assertThat(admitted(15)).isEqualTo(3);
        // What the counts admitted before they were told better is charged in vain.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(usedOf(TEN_A_DAY).getFirst()).isGreaterThanOrEqualTo(10L));
    }

    @Test
    void admitsNoMoreThanTheQuotaWhenTheSharedCountsAreLostUnderLeases() {
        List<Limit> limits = List.of(Limits.daily(2_500), Limits.rate(1_000_000, 1_000_000));
        warmUp(limits);
        double before = count("admitted");
        shared.forget();
        for (int i = 0; i < 3_000; i++) {
            clock.advance(Duration.ofMillis(1));
            admitted(limits, 1);
        }
        assertThat(before).isGreaterThanOrEqualTo(2_000);
        assertThat(count("admitted")).isEqualTo(2_500);
    }

    @Test
    void showsAsLeftWhatItHoldsAndNotWhatOthersHold() {
        List<Limit> limits = List.of(Limits.daily(100_000), Limits.rate(100_000, 100_000));
        warmUp(limits);
        assertThat(usedOf(limits).getFirst()).isEqualTo((long) count("admitted"));
        long before = usedOf(limits).getFirst();
        RateLimiter other = RateLimiters.alone(shared, clock, DEADLINE);
        assertThat(other.peek("acme", limits)
                        .blockOptional()
                        .orElseThrow()
                        .uses()
                        .getFirst()
                        .used())
                .isGreaterThan(before);
    }

    @Test
    void servesOutOfALeaseWhenRedisIsLost() {
        List<Limit> limits = List.of(Limits.daily(100_000), Limits.rate(100_000, 100_000));
        warmUp(limits);
        shared.turn(Mood.HANGS);
        int calls = shared.calls();
        assertThat(admitted(limits, 5)).isEqualTo(5);
        assertThat(fallbacks("share")).isZero();
        assertThat(shared.calls() - calls).isLessThanOrEqualTo(1);
    }

    @Test
    void asksForLeasesAgainWhenRedisIsBackAfterACallThatCouldNotBeCalledOff() {
        List<Limit> limits = List.of(Limits.daily(100_000), Limits.rate(100_000, 100_000));
        shared.turn(Mood.HANGS);
        assertThat(admitted(limits, 1)).isEqualTo(1);
        shared.turn(Mood.ANSWERS);
        int calls = shared.calls();
        await().atMost(PATIENCE).until(() -> {
            look();
            return admitted(limits, 1) == 1 && shared.calls() > calls;
        });
    }

    @Test
    void asksRedisForHardlyAnyRequestUnderLargeLimits() {
        warmUp(List.of(Limits.daily(100_000), Limits.rate(100_000, 100_000)));
        assertThat(shared.calls()).isLessThan(100);
    }

    @Test
    void letsEachPolicyDecideWhereNoLeaseIsHeld() {
        shared.turn(Mood.FAILS);
        Limit day = Limits.daily(1_000);
        assertThat(admitted(List.of(Limits.onRedisLoss(day, OnRedisLoss.OPEN)), 1_500))
                .isEqualTo(1_500);
        assertThat(fallbacks("open")).isEqualTo(1_500);
        assertThat(admitted(List.of(Limits.onRedisLoss(day, OnRedisLoss.CLOSED)), 10))
                .isZero();
        assertThat(fallbacks("closed")).isEqualTo(10);
        assertThat(admitted("other", List.of(day), 1_500)).isEqualTo(1_000);
        assertThat(fallbacks("share")).isEqualTo(1_500);
    }

    @Test
    void tellsRedisOfALargeLimitToo() {
        List<Limit> limits = List.of(Limits.daily(1_000));
        shared.turn(Mood.FAILS);
        assertThat(admitted(limits, 400)).isEqualTo(400);
        shared.turn(Mood.ANSWERS);
        clock.advance(Duration.ofMillis(500));
        look();
        assertThat(admitted(limits, 1_000)).isEqualTo(600);
    }

    @Test
    void keepsTheBrokenCountsOfOneTenantFromTheOthers() {
        shared.turn(Mood.REFUSES_TENANT);
        assertThat(admitted(TEN_A_DAY, 20)).isEqualTo(10);
        shared.turn(Mood.ANSWERS);
        assertThat(admitted("other", TEN_A_DAY, 1)).isEqualTo(1);
        assertThat(shared.callsFor("other")).isEqualTo(1);
    }

    @Test
    void countsWhatAShadowLimitWouldHaveRefused() {
        List<Limit> limits = List.of(Limits.of("day", new CalendarWindow(Period.DAY, 10), Mode.SHADOW));
        assertThat(admitted(limits, 15)).isEqualTo(15);
        assertThat(meters.get("sluice.limit.shadow.refusals").counter().count()).isEqualTo(5);
    }

    /** Two thousand requests in a tenth of a second, of a limiter that a busy machine does not make decide alone. */
    private void warmUp(List<Limit> limits) {
        gateway = RateLimiters.gateway(shared, clock, PATIENCE, meters);
        for (int i = 0; i < 2_000; i++) {
            clock.advance(Duration.ofNanos(50_000));
            assertThat(admitted(limits, 1)).isEqualTo(1);
        }
        await("a lease of some size").until(() -> {
            double before = held(limits);
            assertThat(admitted(limits, 1)).isEqualTo(1);
            // No call is on its way that could bring more or less.
            return held(limits) == before - 1 && before > 100;
        });
    }

    /** Of each limit, when nothing was given back. */
    private double held(List<Limit> limits) {
        double granted = meters.get("sluice.limit.leased.units").counter().count();
        return granted / limits.size() - count("admitted");
    }

    @Test
    void looksWithoutChargingOrCounting() {
        for (int i = 0; i < 20; i++) {
            LimitDecision seen =
                    gateway.limiter().peek("acme", TEN_A_DAY).blockOptional().orElseThrow();
            assertThat(seen.uses().getFirst().remaining()).isEqualTo(10);
        }
        assertThat(count("admitted")).isZero();
        assertThat(admitted(15)).isEqualTo(10);
    }

    @Test
    void admitsWhatNoLimitCoversWithoutAskingRedis() {
        LimitDecision decision =
                gateway.limiter().decide("acme", List.of(), 1).blockOptional().orElseThrow();
        assertThat(decision.verdict()).isEqualTo(Verdict.ADMITTED);
        assertThat(shared.calls()).isZero();
        assertThat(localDecisions()).isZero();
    }

    /** As is done in the background all the time. */
    private void look() {
        gateway.watch().look().onErrorComplete().block(PATIENCE);
    }

    private long admitted(int requests) {
        return admitted(TEN_A_DAY, requests);
    }

    private long admitted(List<Limit> limits, int requests) {
        return admitted("acme", limits, requests);
    }

    private long admitted(String tenant, List<Limit> limits, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> gateway.limiter()
                        .decide(tenant, limits, 1)
                        .blockOptional()
                        .orElseThrow()
                        .verdict()
                        .admits())
                .count();
    }

    private List<Long> usedOf(List<Limit> limits) {
        return gateway.limiter().peek("acme", limits).blockOptional(PATIENCE).orElseThrow().uses().stream()
                .map(LimitUse::used)
                .toList();
    }

    private double fallbacks(String policy) {
        return meters.get("sluice.limit.fallbacks")
                .tag("policy", policy)
                .counter()
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
