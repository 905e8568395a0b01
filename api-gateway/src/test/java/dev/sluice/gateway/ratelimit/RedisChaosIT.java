package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Limits are kept while Redis is paused, killed and started again, with its counts and without. */
class RedisChaosIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PATIENCE_WITH_REDIS = Duration.ofMillis(50);
    private static final int TROUBLES = 12;

    private final Random random = Randomness.seeded();
    private IsolatedRedis redis = LocalRedis.newDurable();

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void admitsWhatARateAllowsAndNotOneMoreWhileRedisComesAndGoes() {
        List<Limit> limits = List.of(Limits.rate(100, 40));
        Admissions admissions = new Admissions();
        start();
        withGateway(limiter -> {
            for (int i = 0; i < TROUBLES; i++) {
                trouble();
                offer(limiter, limits, admissions, random.nextInt(50, 400));
            }
            return admissions.count();
        });
        admissions.assertWithin(100, 40);
        assertThat(admissions.count()).isGreaterThan(40);
    }

    @Test
    void admitsASmallQuotaOnceThoughRedisLosesItsCounts() {
        admitsOnceThoughCountsAreLost(600, 60);
    }

    @Test
    void admitsALargeQuotaOnceThoughRedisLosesItsCounts() {
        admitsOnceThoughCountsAreLost(6_000, 600);
    }

    private void admitsOnceThoughCountsAreLost(long quota, int portion) {
        redis.close();
        redis = LocalRedis.newIsolated();
        List<Limit> limits = List.of(Limits.of("month", new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE));
        Admissions admissions = new Admissions();
        withGateway(limiter -> {
            for (int i = 0; i < TROUBLES; i++) {
                trouble();
                offer(limiter, limits, admissions, random.nextInt(portion / 2, 2 * portion));
            }
            start();
            // What late decisions charged in vain is lost to the tenant; nothing else is.
            await().atMost(PATIENCE).untilAsserted(() -> {
                offer(limiter, limits, admissions, 100);
                assertThat(admissions.count()).isGreaterThan((int) (quota * 9 / 10));
            });
            offer(limiter, limits, admissions, (int) quota);
            return admissions.count();
        });
        assertThat((long) admissions.count()).isLessThanOrEqualTo(quota);
    }

    @ParameterizedTest
    @ValueSource(longs = {800, 8_000})
    void neverAdmitsMoreThanAClosedLimitOnFourGatewaysWithSkewedClocks(long quota) {
        Limit limit = Limits.of("month", new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE);
        List<Limit> limits = List.of(Limits.onRedisLoss(limit, OnRedisLoss.CLOSED));
        Admissions admissions = new Admissions();
        start();
        List<RedisClients> clients = new ArrayList<>();
        List<TestGateway> gateways = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RedisClients client = new RedisClients(redis.host(), redis.port());
            clients.add(client);
            gateways.add(gateway(client, 4, Duration.ofHours(random.nextInt(-1, 2))));
        }
        try {
            for (int i = 0; i < TROUBLES; i++) {
                trouble();
                for (int j = 0; j < 4; j++) {
                    offer(gateways.get(random.nextInt(4)).limiter(), limits, admissions, (int) quota / 16);
                }
            }
            start();
            await().atMost(PATIENCE).untilAsserted(() -> {
                gateways.forEach(gateway -> offer(gateway.limiter(), limits, admissions, 100));
                assertThat((long) admissions.count()).isGreaterThan(quota / 2);
            });
            gateways.forEach(gateway -> offer(gateway.limiter(), limits, admissions, (int) quota));
        } finally {
            gateways.forEach(gateway -> gateway.watch().close());
            clients.forEach(RedisClients::close);
        }
        assertThat((long) admissions.count()).isLessThanOrEqualTo(quota);
    }

    private void trouble() {
        switch (random.nextInt(4)) {
            case 0 -> redis.pause();
            case 1 -> redis.resume();
            case 2 -> redis.kill();
            default -> start();
        }
    }

    private void start() {
        redis.start();
        redis.resume();
        try (RedisClients clients = new RedisClients(redis.host(), redis.port())) {
            clients.syncEveryWrite();
        }
    }

    /** A few requests at a time. */
    private static void offer(RateLimiter limiter, List<Limit> limits, Admissions admissions, int requests) {
        Flux.range(0, requests)
                .flatMap(
                        i -> {
                            long from = System.nanoTime();
                            return limiter.decide("acme", limits, 1)
                                    .filter(decision -> decision.verdict().admits())
                                    .doOnNext(admitted -> admissions.add(from / 1_000, System.nanoTime() / 1_000));
                        },
                        4)
                .blockLast(PATIENCE);
    }

    private int withGateway(Function<RateLimiter, Integer> action) {
        try (RedisClients clients = new RedisClients(redis.host(), redis.port())) {
            TestGateway gateway = gateway(clients, 1, Duration.ZERO);
            try {
                return action.apply(gateway.limiter());
            } finally {
                gateway.watch().close();
            }
        }
    }

    private static TestGateway gateway(RedisClients clients, int gateways, Duration skew) {
        InstantSource clock = InstantSource.system();
        TestGateway gateway = TestGateway.of(
                clients.limits(),
                () -> gateways,
                Waits.of(PATIENCE_WITH_REDIS),
                LeaseDesk.monotonicMicros(),
                () -> clock.instant().plus(skew));
        clients.onLoss(gateway.watch()::connectionBroke);
        gateway.watch().start(Duration.ofMillis(20));
        return gateway;
    }
}
