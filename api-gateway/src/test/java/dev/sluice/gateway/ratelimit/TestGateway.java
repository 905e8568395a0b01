package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The limits of one gateway, put together as the gateway does. */
record TestGateway(
        GuardedLimits shared, LeaseDesk desk, ReturnWatch watch, RateLimiter limiter, SimpleMeterRegistry meters) {

    static final Duration GRACE = Duration.ofSeconds(3);
    static final int MAX_FAILURES = 3;

    /** How long it waits. */
    record Waits(Duration patience, Duration deadline) {
        /** As in production. */
        static final Waits SHORT = new Waits(Duration.ofMillis(5), Duration.ofMillis(100));

        static Waits of(Duration both) {
            return new Waits(both, both);
        }
    }

    static TestGateway of(
            SharedLimits counts, IntSupplier alive, Waits waits, LongSupplier micros, InstantSource wallClock) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return of(counts, alive, waits, micros, wallClock, meters);
    }

    static TestGateway of(
            SharedLimits counts,
            IntSupplier alive,
            Waits waits,
            LongSupplier micros,
            InstantSource wallClock,
            SimpleMeterRegistry meters) {
        return of(counts, alive, waits, micros, micros, wallClock, meters);
    }

    /** @param silence by what it is measured how long is waited, where the other clocks stand still until a test moves them */
    static TestGateway of(
            SharedLimits counts,
            IntSupplier alive,
            Waits waits,
            LongSupplier micros,
            LongSupplier silence,
            InstantSource wallClock,
            SimpleMeterRegistry meters) {
        LimitFloors floors = new LimitFloors(0, wallClock, meters);
        return of(counts, alive, waits, micros, silence, wallClock, floors, (tenant, limits, made, cost) -> {}, meters);
    }

    /**
     * @param floors what the log says that was charged; {@code counts} tell it to Redis
     * @param charges takes what is charged
     */
    static TestGateway of(
            SharedLimits counts,
            IntSupplier alive,
            Waits waits,
            LongSupplier micros,
            LongSupplier silence,
            InstantSource wallClock,
            LimitFloors floors,
            ChargeLog charges,
            SimpleMeterRegistry meters) {
        Breaker breaker = new Breaker(MAX_FAILURES);
        GuardedLimits shared = new GuardedLimits(counts, breaker, waits.patience(), waits.deadline(), silence, meters);
        LeaseHolders holders = LeaseHolders.ofThisProcess();
        LeaseDesk desk = new LeaseDesk(shared, LeaseTerms.DEFAULT, 100, holders, micros, wallClock, meters);
        GatewayCount count = new GatewayCount(alive, 1);
        count.refresh();
        ReturnWatch watch = new ReturnWatch(shared, breaker, desk, count, holders.get(), GRACE, meters);
        LocalLimits local = new LocalLimits(count, 100, wallClock);
        RateLimiter limiter = new RateLimiter(shared, desk, local, floors, charges, RateLimiters.LEASE_FROM, meters);
        return new TestGateway(shared, desk, watch, limiter, meters);
    }

    static LongSupplier microsOf(InstantSource clock) {
        return () -> ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    double count(String meter) {
        return meters.get(meter).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
