package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long requests wait for Redis, on a virtual clock. */
class GuardedLimitsTest {

    private static final Duration PATIENCE = Duration.ofMillis(5);
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final List<Limit> SMALL = List.of(Limits.daily(500));
    private static final List<Limit> LARGE = List.of(Limits.daily(500_000));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final SimulatedRedis redis = new SimulatedRedis(time, bound -> bound / 2);
    private final TestGateway gateway = redis.gateway(() -> 1, Duration.ZERO);
    private int admitted;
    private final List<Long> waits = new ArrayList<>();

    @AfterEach
    void reset() {
        gateway.watch().close();
        VirtualTimeScheduler.reset();
    }

    @Test
    void waitsNoLongerThanItsPatienceForARedisThatIsSilent() {
        settle();
        redis.pause();
        ask(SMALL);
        pass(PATIENCE.minusNanos(1));
        assertThat(waits).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(waits).containsExactly(micros(PATIENCE));
        assertThat(gateway.shared().isAway()).isTrue();
    }

    @Test
    void waitsForALeaseNoLongerThanItsPatienceEither() {
        settle();
        redis.pause();
        ask(LARGE);
        pass(DEADLINE);
        assertThat(waits).containsExactly(micros(PATIENCE));
    }

    @Test
    void keepsNobodyWaitingWhileItKnowsThatRedisIsLost() {
        settle();
        redis.pause();
        ask(SMALL);
        pass(PATIENCE);
        waits.clear();
        for (int i = 0; i < 400; i++) {
            ask(i % 2 == 0 ? SMALL : LARGE);
            pass(Duration.ofMillis(3));
        }
        assertThat(waits).hasSize(400).containsOnly(0L);
    }

    @Test
    void waitsNoLongerThanItsPatienceAfterTheLastAnswerWhenRedisFallsSilent() {
        settle();
        // The first is answered when the second has just been asked, and lost with all that follow.
        ask(SMALL);
        pass(SimulatedRedis.MEAN_DELAY.multipliedBy(2).minusNanos(1_000));
        redis.pause();
        ask(SMALL);
        pass(DEADLINE);
        assertThat(waits).hasSize(2);
        // The last word came at most that long after it was asked.
        assertThat(waits.get(1)).isBetween(micros(PATIENCE), micros(PATIENCE.plus(SimulatedRedis.MEAN_DELAY)));
    }

    @Test
    void waitsForABusyRedisAsLongAsItAnswersOthers() {
        settle();
        redis.slowDown(Duration.ofMillis(3));
        for (int i = 0; i < 20; i++) {
            ask(SMALL);
        }
        pass(DEADLINE);
        assertThat(waits).hasSize(20);
        assertThat(waits.getLast()).isBetween(micros(Duration.ofMillis(60)), micros(Duration.ofMillis(62)));
        assertThat(gateway.count("sluice.limit.redis.losses")).isZero();
        assertThat(gateway.count("sluice.ratelimit.local.decisions")).isZero();
    }

    @Test
    void waitsForNobodyBeyondTheDeadline() {
        settle();
        redis.slowDown(Duration.ofMillis(4));
        for (int i = 0; i < 100; i++) {
            ask(SMALL);
        }
        pass(Duration.ofSeconds(1));
        assertThat(waits).hasSize(100).allMatch(wait -> wait <= micros(DEADLINE));
    }

    @Test
    void hearsTheSilenceOfOneMasterWhileAnotherAnswers() {
        SimulatedRedis other = new SimulatedRedis(time, bound -> bound / 2);
        TestGateway both = TestGateway.of(
                new TwoMasters(redis.port(), other.port()),
                () -> 1,
                Waits.SHORT,
                () -> time.now(TimeUnit.MICROSECONDS),
                redis::now);
        both.watch().start(SimulatedRedis.CHECK);
        pass(Duration.ofMillis(50));
        assertThat(both.shared().isAway()).isFalse();
        other.pause();
        ask(both, "other", SMALL);
        // One of them answers all the time, also what was asked before the other was lost.
        for (int i = 0; i < 40; i++) {
            ask(both, "one", SMALL);
            pass(Duration.ofNanos(150_000));
        }
        assertThat(both.shared().isAway()).isTrue();
        assertThat(waits).contains(micros(PATIENCE)).allMatch(wait -> wait <= micros(PATIENCE));
        other.resume();
        pass(SimulatedRedis.MEAN_DELAY.multipliedBy(2));
        assertThat(both.shared().isAway()).isFalse();
        both.watch().close();
    }

    /** Its clock goes on by more than its timers do: what they wait for was late. */
    @Test
    void doesNotTakeItsOwnStandstillForALossOfRedis() {
        settle();
        redis.starve(3);
        redis.slowDown(Duration.ofMillis(30));
        ask(SMALL);
        pass(DEADLINE);
        assertThat(waits).containsExactly(micros(Duration.ofMillis(30)) + 2 * micros(SimulatedRedis.MEAN_DELAY));
        assertThat(gateway.count("sluice.limit.redis.losses")).isZero();
    }

    /** Its timers are on time; what was answered lies in the socket. */
    @Test
    void readsWhatHasArrivedBeforeItDecidesAlone() {
        settle();
        redis.stopReading(gateway, Duration.ofMillis(20));
        ask(SMALL);
        pass(DEADLINE);
        assertThat(waits).containsExactly(micros(Duration.ofMillis(20)));
        assertThat(gateway.count("sluice.limit.redis.losses")).isZero();
        assertThat(gateway.count("sluice.ratelimit.local.decisions")).isZero();
    }

    @Test
    void waitsForNoAnswerBeyondTheDeadlineThoughItGetsNoProcessor() {
        settle();
        redis.pause();
        redis.stopReading(gateway, Duration.ofSeconds(1));
        ask(SMALL);
        pass(Duration.ofSeconds(1));
        assertThat(waits).hasSize(1).allMatch(wait -> wait <= micros(DEADLINE));
    }

    @Test
    void trustsARedisThatWasMerelySilentAtItsFirstWord() {
        settle();
        redis.pause();
        ask(SMALL);
        pass(PATIENCE.plusMillis(1));
        assertThat(gateway.shared().isAway()).isTrue();
        int calls = redis.calls();
        redis.resume();
        pass(SimulatedRedis.MEAN_DELAY.multipliedBy(2));
        assertThat(gateway.shared().isAway()).isFalse();
        assertThat(redis.calls()).isEqualTo(calls);
    }

    @Test
    void trustsNoWordOverAConnectionThatIsNotTheSame() {
        settle();
        redis.pause();
        ask(SMALL);
        pass(PATIENCE.plusMillis(1));
        gateway.watch().connectionBroke();
        redis.delayNextCall(Duration.ofMillis(5));
        redis.resume();
        pass(SimulatedRedis.MEAN_DELAY.multipliedBy(2));
        assertThat(gateway.shared().isAway()).isTrue();
        pass(Duration.ofMillis(10));
        assertThat(gateway.shared().isAway()).isFalse();
    }

    @Test
    void findsARedisThatIsBackThoughNobodyAsks() {
        settle();
        redis.pause();
        ask(SMALL);
        pass(Duration.ofSeconds(2));
        assertThat(gateway.shared().isAway()).isTrue();
        redis.resume();
        pass(Duration.ofMillis(10));
        assertThat(gateway.shared().isAway()).isFalse();
        redis.kill();
        assertThat(gateway.shared().isAway()).isTrue();
        pass(Duration.ofSeconds(2));
        redis.start();
        pass(Duration.ofMillis(110));
        assertThat(gateway.shared().isAway()).isFalse();
    }

    /** Nobody asked anything while it was away, and the next greeting is far. */
    @Test
    void believesNothingBehindANewConnectionBeforeItHasToldWhatItKnows() {
        List<Limit> ten = List.of(Limits.daily(10));
        settle();
        TestGateway other = redis.gateway(() -> 1, Duration.ZERO);
        for (int i = 0; i < 6; i++) {
            ask(other, ten);
            pass(PATIENCE);
        }
        ask(ten);
        pass(PATIENCE);
        // One of them was to settle.
        assertThat(admitted).isEqualTo(8);
        redis.kill();
        redis.startEmpty();
        assertThat(gateway.shared().isAway()).isTrue();
        for (int i = 0; i < 10; i++) {
            ask(ten);
        }
        pass(DEADLINE);
        assertThat(admitted).isEqualTo(10);
        other.watch().close();
    }

    @Test
    void findsOutThatRedisIsLostThoughNobodyAsks() {
        settle();
        redis.pause();
        pass(Duration.ofSeconds(2));
        assertThat(gateway.shared().isAway()).isTrue();
    }

    @Test
    void tellsRedisWhatWasAdmittedWithoutItBeforeItDecidesAgain() {
        List<Limit> ten = List.of(Limits.daily(10));
        settle();
        // What others used this gateway cannot count by itself.
        TestGateway other = redis.gateway(() -> 1, Duration.ZERO);
        for (int i = 0; i < 5; i++) {
            ask(other, ten);
            pass(PATIENCE);
        }
        ask(ten);
        pass(PATIENCE);
        redis.pause();
        for (int i = 0; i < 10; i++) {
            ask(ten);
            pass(PATIENCE);
        }
        redis.resume();
        pass(PATIENCE);
        assertThat(gateway.shared().isAway()).isFalse();
        redis.delayNextCall(Duration.ofMillis(3));
        int before = admitted;
        ask(ten);
        pass(DEADLINE);
        assertThat(admitted).isEqualTo(before);
        other.watch().close();
    }

    private void settle() {
        pass(Duration.ofMillis(50));
        ask(SMALL);
        pass(Duration.ofMillis(50));
        assertThat(gateway.shared().isAway()).isFalse();
        waits.clear();
    }

    private void ask(List<Limit> limits) {
        ask(gateway, limits);
    }

    private void ask(TestGateway asked, List<Limit> limits) {
        ask(asked, "acme", limits);
    }

    private void ask(TestGateway asked, String tenant, List<Limit> limits) {
        Instant start = redis.now();
        asked.limiter().decide(tenant, limits, 1).subscribe(decision -> {
            admitted += decision.verdict().admits() ? 1 : 0;
            waits.add(micros(Duration.between(start, redis.now())));
        });
    }

    private void pass(Duration length) {
        time.advanceTimeBy(length);
    }

    private static long micros(Duration length) {
        return TimeUnit.NANOSECONDS.toMicros(length.toNanos());
    }
}
