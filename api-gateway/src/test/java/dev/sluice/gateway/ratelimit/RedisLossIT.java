package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis is killed or paused under the limiter: every request is decided all the same, and Redis is used again. */
class RedisLossIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Limit> MONTHLY =
            List.of(Limits.of("month", new CalendarWindow(Period.MONTH, 100), Mode.ENFORCE));

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final RedisClients clients = new RedisClients(redis.host(), redis.port());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InstantSource clock = InstantSource.system();
    private final TestGateway gateway = RateLimiters.gateway(clients.limits(), clock, Duration.ofMillis(100), meters);
    private final RateLimiter limiter = gateway.limiter();

    @BeforeEach
    void watch() {
        clients.onLoss(gateway.watch()::connectionBroke);
        gateway.watch().start(Duration.ofMillis(50));
    }

    @AfterEach
    void close() {
        gateway.watch().close();
        clients.close();
        redis.close();
    }

    @Test
    void goesOnWithItsOwnCountsWhenRedisIsKilledAndComesBack() {
        awaitRedisDecides();
        long before = admitted(39);
        redis.kill();
        double alone = decidedAlone();
        assertThat(before + admitted(200)).isEqualTo(100);
        assertThat(decidedAlone()).isGreaterThan(alone);
        redis.start();
        // The new Redis has no counts.
        awaitRedisDecides();
    }

    @Test
    void goesOnWithItsOwnCountsWhileRedisIsPausedAndForgetsNothing() {
        awaitRedisDecides();
        long before = admitted(40);
        redis.pause();
        double alone = decidedAlone();
        assertThat(before + admitted(200)).isEqualTo(100);
        assertThat(decidedAlone()).isGreaterThan(alone);
        redis.resume();
        awaitRedisDecides();
        assertThat(clients.fields(RedisSharedLimits.keyOf("acme"))).containsKey("month");
    }

    @Test
    void startsWithoutRedisAndFindsItLater() {
        redis.kill();
        assertThat(admitted(150)).isEqualTo(100);
        redis.start();
        awaitRedisDecides();
    }

    /** A new tenant each time: the counts of the one under test are not touched, and a trace in Redis is a proof. */
    private void awaitRedisDecides() {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            String probe = "probe-" + UUID.randomUUID();
            limiter.decide(probe, MONTHLY, 1).block(PATIENCE);
            assertThat(clients.fields(RedisSharedLimits.keyOf(probe))).isNotEmpty();
        });
    }

    private long admitted(int requests) {
        return IntStream.range(0, requests)
                .filter(i -> limiter.decide("acme", MONTHLY, 1)
                        .blockOptional(PATIENCE)
                        .orElseThrow()
                        .verdict()
                        .admits())
                .count();
    }

    private double decidedAlone() {
        return meters.get("sluice.limit.fallbacks").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
