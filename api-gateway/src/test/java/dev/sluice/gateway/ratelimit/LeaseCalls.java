package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/**
 * Prints how many calls of Redis four gateways need for a large limit that is asked for half as much again as it has, and
 * whether they admit exactly that. The build does not run it; benchmarks/README.md says how to.
 */
class LeaseCalls {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int GATEWAYS = 4;
    private static final int QUOTA = 200_000;
    private static final int OFFERED = QUOTA * 3 / 2;
    private static final int ROUNDS = 3;

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final List<RedisClients> clients = new ArrayList<>();
    private final List<TestGateway> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        gateways.forEach(gateway -> gateway.watch().close());
        clients.forEach(RedisClients::close);
        redis.close();
    }

    @Test
    void printsCallsForEachRequest() {
        PrintStream out = System.out;
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(start());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int firstPercent : List.of(100 / GATEWAYS, 97)) {
                long start = System.nanoTime();
                double before = calls();
                long admitted = offer("tenant-" + round + "-" + firstPercent, firstPercent);
                double calls = calls() - before;
                out.printf(
                        "%d %% at the first gateway: %d of %d admitted, quota %d, %.0f calls, %.4f a request, %.0f requests/s%n",
                        firstPercent,
                        admitted,
                        OFFERED,
                        QUOTA,
                        calls,
                        calls / OFFERED,
                        OFFERED * 1e9 / (System.nanoTime() - start));
            }
        }
    }

    private TestGateway start() {
        RedisClients client = new RedisClients(redis.host(), redis.port());
        clients.add(client);
        TestGateway gateway = TestGateway.of(
                client.limits(),
                () -> GATEWAYS,
                // Redis is up all the time, however busy the machine is.
                Waits.of(Duration.ofSeconds(5)),
                LeaseDesk.monotonicMicros(),
                InstantSource.system());
        gateway.watch().start(Duration.ofMillis(100));
        return gateway;
    }

    private long offer(String tenant, int firstPercent) {
        List<Limit> limits = List.of(
                Limits.of("month", new CalendarWindow(Period.MONTH, QUOTA), Mode.ENFORCE),
                Limits.rate(1_000_000, 1_000_000));
        AtomicLong admitted = new AtomicLong();
        Flux.range(0, OFFERED)
                .flatMap(
                        i -> gatewayOf(i, firstPercent)
                                .limiter()
                                .decide(tenant, limits, 1)
                                .doOnNext(decision ->
                                        admitted.addAndGet(decision.verdict().admits() ? 1 : 0)),
                        16)
                .blockLast(PATIENCE);
        return admitted.get();
    }

    private TestGateway gatewayOf(int request, int firstPercent) {
        return gateways.get(request * 37 % 100 < firstPercent ? 0 : 1 + request % (GATEWAYS - 1));
    }

    private double calls() {
        return gateways.stream()
                .mapToDouble(gateway -> gateway.count("sluice.limit.script.calls"))
                .sum();
    }
}
