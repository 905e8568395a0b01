package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Four gateways with clocks an hour apart lease from one real Redis, which is paused, killed and started again. */
class LeasedLimitsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Longer than in production, so that a slow machine is not a lost Redis. */
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private static final int GATEWAYS = 4;

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final List<Gateway> gateways = new ArrayList<>();

    private record Gateway(RedisClients clients, TestGateway limits) {

        static Gateway at(IsolatedRedis redis, Duration skew) {
            RedisClients clients = new RedisClients(redis.host(), redis.port());
            InstantSource clock = InstantSource.system();
            TestGateway limits = TestGateway.of(
                    clients.limits(),
                    () -> GATEWAYS,
                    Waits.of(DEADLINE),
                    LeaseDesk.monotonicMicros(),
                    () -> clock.instant().plus(skew));
            clients.onLoss(limits.watch()::connectionBroke);
            return new Gateway(clients, limits);
        }

        void close() {
            limits.watch().close();
            clients.close();
        }

        boolean admits(String tenant, List<Limit> limits) {
            return this.limits
                    .limiter()
                    .decide(tenant, limits, 1)
                    .blockOptional(PATIENCE)
                    .orElseThrow()
                    .verdict()
                    .admits();
        }

        double calls() {
            return limits.count("sluice.limit.script.calls");
        }
    }

    @BeforeEach
    void start() {
        for (int i = 0; i < GATEWAYS; i++) {
            Gateway gateway = Gateway.at(redis, Duration.ofHours(i % 3 - 1));
            gateways.add(gateway);
            gateway.admits("warm-up", List.of(month(1_000)));
            gateway.limits().watch().start(Duration.ofMillis(50));
        }
        await().atMost(PATIENCE)
                .until(() ->
                        gateways.stream().noneMatch(one -> one.limits().shared().isAway()));
    }

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 97})
    void admitsExactlyTheQuotaWithHardlyACallHoweverTheLoadIsSpread(int firstGatewaysPercent) {
        List<Limit> limits = List.of(month(20_000), Limits.rate(1_000_000, 1_000_000));
        double before = calls();
        AtomicLong admitted = new AtomicLong();
        Flux.range(0, 30_000)
                .flatMap(
                        i -> gatewayOf(i, firstGatewaysPercent)
                                .limits()
                                .limiter()
                                .decide("acme", limits, 1)
                                .doOnNext(decision ->
                                        admitted.addAndGet(decision.verdict().admits() ? 1 : 0)),
                        16)
                .blockLast(PATIENCE);
        double calls = calls() - before;
        // What was given back at the very end is found by the next who ask.
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            gateways.forEach(gateway -> admitted.addAndGet(gateway.admits("acme", limits) ? 1 : 0));
            assertThat(admitted).hasValue(20_000);
        });
        gateways.forEach(gateway -> assertThat(gateway.admits("acme", limits)).isFalse());
        assertThat(admitted).hasValue(20_000);
        // Far fewer where there is time; a slow machine makes smaller portions.
        assertThat(calls / 30_000).isLessThan(0.2);
    }

    @Test
    void neverAdmitsMoreThanTheQuotaThroughAPauseAndKeepsCountingAfterIt() {
        List<Limit> limits = List.of(month(5_000));
        long admitted = offer(limits, 2_000);
        redis.pause();
        admitted += offer(limits, 1_200);
        redis.resume();
        long sofar = admitted;
        AtomicLong later = new AtomicLong();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            later.addAndGet(offer(limits, 400));
            assertThat(usedInRedis(limits)).isGreaterThanOrEqualTo(5_000);
        });
        assertThat(sofar + later.get()).isBetween(4_000L, 5_000L);
    }

    @Test
    void bringsTheCountsBackToARedisThatLostThem() {
        List<Limit> limits = List.of(month(5_000));
        long admitted = offer(limits, 2_000);
        assertThat(admitted).isEqualTo(2_000);
        redis.kill();
        admitted += offer(limits, 400);
        redis.start();
        AtomicLong total = new AtomicLong(admitted);
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            // What one admits by its share after it has told its part is told later, and may go over the limit
            // meanwhile.
            boolean isBack =
                    gateways.stream().noneMatch(one -> one.limits().shared().isAway());
            total.addAndGet(offer(limits, 40));
            assertThat(isBack).isTrue();
            assertThat(usedInRedis(limits)).isGreaterThanOrEqualTo(total.get());
        });
        for (int i = 0; i < 20; i++) {
            total.addAndGet(offer(limits, 400));
        }
        assertThat(total.get()).isBetween(4_000L, 5_000L);
    }

    @Test
    void givesEverythingBackAtShutdown() {
        List<Limit> limits = List.of(month(50_000));
        long admitted = offer(limits, 4_000);
        gateways.forEach(gateway -> gateway.limits().desk().close());
        assertThat(usedInRedis(limits)).isEqualTo(admitted);
    }

    private long offer(List<Limit> limits, int requests) {
        long admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += gateways.get(i % GATEWAYS).admits("acme", limits) ? 1 : 0;
        }
        return admitted;
    }

    private Gateway gatewayOf(int request, int firstGatewaysPercent) {
        int others = GATEWAYS - 1;
        return gateways.get(request * 37 % 100 < firstGatewaysPercent ? 0 : 1 + request % others);
    }

    private double calls() {
        return gateways.stream().mapToDouble(Gateway::calls).sum();
    }

    private long usedInRedis(List<Limit> limits) {
        return gateways.getFirst()
                .clients()
                .limits()
                .decide("acme", limits, 0)
                .blockOptional(PATIENCE)
                .orElseThrow()
                .uses()
                .getFirst()
                .used();
    }

    private static Limit month(long quota) {
        return Limits.of("month", new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE);
    }
}
