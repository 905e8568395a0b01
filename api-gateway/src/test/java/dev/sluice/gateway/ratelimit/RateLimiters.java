package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Limiters for tests, put together as the gateway does. */
final class RateLimiters {

    static final long LEASE_FROM = 1_000;

    private RateLimiters() {}

    /** The only gateway, by a clock that a test moves. */
    static RateLimiter alone(SharedLimits shared, InstantSource clock, Duration deadline, MeterRegistry meters) {
        GuardedLimits guarded =
                new GuardedLimits(shared, new Breaker(3, Duration.ofMillis(500), clock), deadline, meters);
        LeaseDesk desk = new LeaseDesk(
                guarded,
                LeaseTerms.DEFAULT,
                100,
                LeaseHolders.ofThisProcess(),
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()),
                clock,
                meters);
        return new RateLimiter(guarded, desk, new LocalLimits(1, 100, clock), LEASE_FROM, meters);
    }
}
