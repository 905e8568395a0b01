package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Silence of Redis and standstills of the gateway's own threads, at random moments on a virtual clock. */
class SilencePropertyTest {

    /** The patience, and what an answer takes. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(6);

    private static final int QUOTA = 900;

    /** When Redis pauses, of ten times; in 2,000 runs three were the most. */
    private static final int MOST_ON_THEIR_WAY = 20;

    private final Random random = Randomness.seeded();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final SimulatedRedis redis = new SimulatedRedis(time, random::nextLong);
    private final TestGateway gateway = redis.gateway(() -> 1, Duration.ZERO);
    private final List<Limit> limits = List.of(Limits.daily(QUOTA));
    private Duration longestWait = Duration.ZERO;
    private int decided;
    private int admitted;
    private int stillAway;

    @AfterEach
    void reset() {
        gateway.watch().close();
        VirtualTimeScheduler.reset();
    }

    /** So the limit is exact, however often this process stands still. */
    @Test
    void neverDecidesAloneBecauseItsOwnThreadsStandStill() {
        pass(Duration.ofMillis(200));
        offer(1_000, Duration.ofSeconds(2));
        for (int i = 0; i < 20; i++) {
            // Together shorter than the deadline.
            Duration length = Duration.ofMillis(random.nextInt(1, 55));
            after(Duration.ofMillis(100 * i + random.nextInt(40)), () -> redis.stopReading(gateway, length));
        }
        pass(Duration.ofSeconds(3));
        assertThat(decided).isEqualTo(1_000);
        assertThat(admitted).isEqualTo(QUOTA);
        assertThat(gateway.count("sluice.limit.redis.losses")).isZero();
        assertThat(gateway.count("sluice.ratelimit.local.decisions")).isZero();
    }

    @Test
    void keepsNobodyWaitingForARedisThatPausesAndDecidesAloneNoLongerThanItDoes() {
        pass(Duration.ofMillis(200));
        offer(1_000, Duration.ofSeconds(2));
        for (int i = 0; i < 10; i++) {
            Duration start = Duration.ofMillis(200 * i + random.nextInt(50));
            Duration length = Duration.ofMillis(random.nextInt(1, 100));
            after(start, redis::pause);
            after(start.plus(length), redis::resume);
            // By then the answer is there that was late.
            Duration back = start.plus(length).plus(SimulatedRedis.MEAN_DELAY.multipliedBy(3));
            after(back, () -> stillAway += gateway.shared().isAway() ? 1 : 0);
        }
        pass(Duration.ofSeconds(3));
        assertThat(decided).isEqualTo(1_000);
        // A call that Redis carried out late, whose request was refused by then, has used its cost all the same
        // (decision 0006).
        assertThat(admitted).isBetween(QUOTA - MOST_ON_THEIR_WAY, QUOTA);
        assertThat(stillAway).isZero();
        assertThat(longestWait).isLessThanOrEqualTo(LONGEST_WAIT);
    }

    private void offer(int requests, Duration length) {
        for (int i = 0; i < requests; i++) {
            after(Duration.ofNanos(random.nextLong(length.toNanos())), this::ask);
        }
    }

    private void ask() {
        Instant asked = redis.now();
        gateway.limiter().decide("acme", limits, 1).subscribe(decision -> {
            decided++;
            admitted += decision.verdict().admits() ? 1 : 0;
            Duration wait = Duration.between(asked, redis.now());
            longestWait = wait.compareTo(longestWait) > 0 ? wait : longestWait;
        });
    }

    private void after(Duration delay, Runnable action) {
        time.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void pass(Duration length) {
        time.advanceTimeBy(length);
    }
}
