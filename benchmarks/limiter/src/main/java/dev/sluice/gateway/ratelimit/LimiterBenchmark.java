package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision costs this process: under three limits, a rate and two calendar windows. Redis is one that answers at once
 * and grants whatever is wanted, in the process itself. benchmarks/README.md says how to run it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LimiterBenchmark {

    private static final long MOST = 1_000_000_000;
    private static final long SMALL = 100;
    private static final long LEASE_FROM = 1_000;
    private static final int MAX_FAILURES = 3;
    private static final int MAX_TENANTS = 100_000;

    private final List<Limit> large = limits(MOST);
    private final List<Limit> small = limits(SMALL);
    private final InstantSource clock = InstantSource.system();
    private final MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RateLimiter limiter = limiter(new GenerousLimits(clock, large, small));
    private final LimitUse rate = use(large.get(0));
    private final LimitUse day = use(large.get(1));
    private final LimitUse month = use(large.get(2));

    private RateLimiter limiter(SharedLimits counts) {
        GuardedLimits shared = new GuardedLimits(
                counts,
                new Breaker(MAX_FAILURES),
                Duration.ofMillis(5),
                Duration.ofMillis(100),
                LeaseDesk.monotonicMicros(),
                meters);
        LeaseDesk desk = new LeaseDesk(
                shared,
                LeaseTerms.DEFAULT,
                MAX_TENANTS,
                LeaseHolders.ofThisProcess(),
                LeaseDesk.monotonicMicros(),
                clock,
                meters);
        LocalLimits local = new LocalLimits(() -> 1, MAX_TENANTS, clock);
        LimitFloors floors = new LimitFloors(MAX_TENANTS, clock, meters);
        // Added up as for the log.
        ChargeSums sums = new ChargeSums();
        LimitCharge.Listener toSums = sums::add;
        ChargeLog charges = (tenant, limits, made, cost) -> LimitCharge.tell(
                tenant, limits, made, cost, TimeUnit.MILLISECONDS.toMicros(clock.millis()), toSums);
        return new RateLimiter(shared, desk, local, floors, charges, LEASE_FROM, meters);
    }

    /** Out of leases, as nearly every request of a busy tenant is. */
    @Benchmark
    public Object outOfALease() {
        return decide(large);
    }

    /** By a call for the request: all that is done around it, with its change of threads. */
    @Benchmark
    public Object byACall() {
        return decide(small);
    }

    /** What a verdict takes up in any case. */
    @Benchmark
    public Object theVerdictAlone() {
        return new LimitDecision(Verdict.ADMITTED, List.of(copy(rate), copy(day), copy(month)), List.of());
    }

    private LimitDecision decide(List<Limit> limits) {
        return Objects.requireNonNull(limiter.decide("acme", limits, 1).block());
    }

    /** A benchmark of leases is none when many requests had to wait for one. */
    @TearDown
    public void printWaits() {
        System.out.printf(
                "%d decisions waited for an answer, %.0f were made alone%n",
                meters.get("sluice.limit.wait").timer().count(),
                meters.get("sluice.ratelimit.local.decisions").counter().count());
    }

    private static LimitUse copy(LimitUse use) {
        return new LimitUse(
                use.limit(),
                use.exceeded(),
                use.used(),
                use.remaining(),
                use.windowSeconds(),
                use.microsUntilMore(),
                use.microsUntilAdmitted());
    }

    private static LimitUse use(Limit limit) {
        return LimitUse.of(limit, LimitState.NONE, LimitState.NONE, 1, 1);
    }

    private static List<Limit> limits(long quota) {
        return List.of(
                limit("rate", new Gcra(quota, quota)),
                limit("day", new CalendarWindow(Period.DAY, quota)),
                limit("month", new CalendarWindow(Period.MONTH, quota)));
    }

    private static Limit limit(String name, Algorithm algorithm) {
        return new Limit(name, "*", algorithm, Limit.Mode.ENFORCE, OnRedisLoss.SHARE);
    }
}
