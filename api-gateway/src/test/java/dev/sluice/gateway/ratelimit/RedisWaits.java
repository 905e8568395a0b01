package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Prints how long requests wait for Redis and how many are decided without it, while it is up, paused again and again,
 * stopped and killed; with {@code -Dbusy=10} beside so many processes that want a core. What offers requests, makes trouble and
 * measures how late a thread of this process gets a core has threads of its own: on those of the limiter it would measure
 * itself. The build does not run it; benchmarks/README.md says how to.
 */
class RedisWaits {

    private static final int BUSY = Integer.getInteger("busy", 0);
    private static final int SECONDS = Integer.getInteger("seconds", 10);
    private static final int A_SECOND = 1_000;
    private static final int TENANTS = 50;
    private static final double NANOS_A_MILLI = 1e6;
    private static final List<List<Limit>> LIMITS = List.of(List.of(month(900)), List.of(month(1_000_000)));

    private final PrintStream out = System.out;
    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final RedisClients clients = new RedisClients(redis.host(), redis.port());
    private final Scheduler offers = Schedulers.newSingle("offers", true);
    private final Scheduler troubles = Schedulers.newSingle("troubles", true);
    private final Scheduler probes = Schedulers.newSingle("probes", true);
    private final List<Process> busy = new ArrayList<>();

    @AfterEach
    void stop() {
        busy.forEach(Process::destroyForcibly);
        offers.dispose();
        troubles.dispose();
        probes.dispose();
        clients.close();
        redis.close();
    }

    @Test
    void printsHowLongRequestsWaitForRedis() throws IOException {
        run("warm-up", () -> {}, () -> {});
        for (int i = 0; i < BUSY; i++) {
            busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
        out.printf("%d busy processes, %d requests a second%n", BUSY, A_SECOND);
        run("up", () -> {}, () -> {});
        Disposable pauses = Flux.interval(Duration.ofMillis(150), troubles).subscribe(tick -> {
            if (tick % 2 == 0) {
                redis.pause();
            } else {
                redis.resume();
            }
        });
        run("paused in turns", () -> {}, () -> {
            pauses.dispose();
            redis.resume();
        });
        run("stopped", redis::pause, redis::resume);
        run("killed", redis::kill, redis::start);
    }

    private void run(String name, Runnable before, Runnable after) {
        TestGateway gateway = TestGateway.of(
                clients.limits(), () -> 1, Waits.SHORT, LeaseDesk.monotonicMicros(), InstantSource.system());
        clients.onLoss(gateway.watch()::connectionBroke);
        gateway.watch().start(Duration.ofMillis(100));
        List<Long> waits = Collections.synchronizedList(new ArrayList<>());
        offer(gateway, A_SECOND, waits);
        double alone = gateway.count("sluice.limit.fallbacks");
        double losses = gateway.count("sluice.limit.redis.losses");
        waits.clear();
        before.run();
        List<Long> lags = Collections.synchronizedList(new ArrayList<>());
        Disposable probe = probe(lags);
        long cpu = processor();
        offer(gateway, SECONDS * A_SECOND, waits);
        cpu = processor() - cpu;
        probe.dispose();
        alone = gateway.count("sluice.limit.fallbacks") - alone;
        losses = gateway.count("sluice.limit.redis.losses") - losses;
        gateway.watch().close();
        after.run();
        List<Long> sorted = waits.stream().sorted().toList();
        List<Long> sortedLags = lags.stream().sorted().toList();
        out.printf(
                "%-16s alone %5.1f %%, losses %5.1f/s, wait p50 %6.2f p99 %6.2f p99.9 %6.2f max %6.2f ms, over 10 ms: %d; own threads late by p99 %.2f max %.2f ms; %.0f us of CPU a request%n",
                name,
                100 * alone / waits.size(),
                losses / SECONDS,
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                quantile(sorted, 0.999),
                quantile(sorted, 1),
                sorted.stream().filter(nanos -> nanos > 10 * NANOS_A_MILLI).count(),
                quantile(sortedLags, 0.99),
                quantile(sortedLags, 1),
                cpu / 1e3 / waits.size());
    }

    /** Small limits and large ones in turns, by a clock and not by the answers. */
    private void offer(TestGateway gateway, int requests, List<Long> waits) {
        Flux.interval(Duration.ofMillis(1), offers)
                .onBackpressureBuffer()
                .take(requests)
                .flatMap(
                        tick -> Mono.defer(() -> {
                            long asked = System.nanoTime();
                            return gateway.limiter()
                                    .decide("tenant-" + tick % TENANTS, LIMITS.get((int) (tick % LIMITS.size())), 1)
                                    .doOnNext(decided -> waits.add(System.nanoTime() - asked));
                        }),
                        requests)
                .blockLast();
    }

    /** How late a thread is that wants to run each millisecond. */
    private Disposable probe(List<Long> lags) {
        long start = System.nanoTime();
        return Flux.interval(Duration.ofMillis(1), probes)
                .subscribe(tick -> lags.add(System.nanoTime() - start - (tick + 1) * TimeUnit.MILLISECONDS.toNanos(1)));
    }

    /** What this process used, in nanoseconds. */
    private static long processor() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private static Limit month(long quota) {
        return Limits.of("month-" + quota, new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE);
    }

    /** The smallest value that so large a part is not above, in milliseconds. */
    private static double quantile(List<Long> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1) / NANOS_A_MILLI;
    }
}
