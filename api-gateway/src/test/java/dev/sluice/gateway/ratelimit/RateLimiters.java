package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** Limiters for tests. */
final class RateLimiters {

    static final long LEASE_FROM = 1_000;

    private RateLimiters() {}

    /** Of the only gateway, by a clock that a test moves. */
    static RateLimiter alone(SharedLimits shared, InstantSource clock, Duration patience) {
        return gateway(shared, clock, patience, new SimpleMeterRegistry()).limiter();
    }

    /** The only gateway, by a clock that a test moves. */
    static TestGateway gateway(
            SharedLimits shared, InstantSource clock, Duration patience, SimpleMeterRegistry meters) {
        return TestGateway.of(
                shared,
                () -> 1,
                Waits.of(patience),
                TestGateway.microsOf(clock),
                LeaseDesk.monotonicMicros(),
                clock,
                meters);
    }
}
