package dev.sluice.gateway.route;

import java.time.Duration;

/** Bounds of the terms on which a route reaches its targets. Pure. */
final class TermRules {

    private static final Duration ONE_MILLI = Duration.ofMillis(1);
    private static final int MAX_ATTEMPTS = 10;
    private static final int MAX_CALLS = 10_000;
    private static final int MAX_IN_A_ROW = 100;

    private TermRules() {}

    static void check(Route route, Faults faults) {
        timeouts(route.timeouts(), faults);
        retry(route.retry(), faults);
        breaker(route.breaker(), faults);
        health(route.health(), faults);
    }

    private static void timeouts(Timeouts timeouts, Faults faults) {
        faults.requireDuration("timeouts.connect", timeouts.connect(), ONE_MILLI, Duration.ofMinutes(1));
        faults.requireDuration("timeouts.firstByte", timeouts.firstByte(), ONE_MILLI, Duration.ofMinutes(10));
        faults.requireDuration("timeouts.idle", timeouts.idle(), ONE_MILLI, Duration.ofHours(1));
        // Zero is no bound.
        faults.requireDuration("timeouts.total", timeouts.total(), Duration.ZERO, Duration.ofHours(24));
    }

    private static void retry(RetryRule retry, Faults faults) {
        faults.requireNumber("retry.attempts", retry.attempts(), 1, MAX_ATTEMPTS);
        for (int status : retry.onStatus()) {
            faults.require(
                    status >= 400 && status <= 599, "retry.onStatus", "must have none but statuses from 400 to 599");
        }
        faults.requireDuration("retry.backoff", retry.backoff(), Duration.ZERO, Duration.ofSeconds(10));
    }

    private static void breaker(BreakerRule breaker, Faults faults) {
        // Written so that NaN is refused too.
        faults.require(
                breaker.failureRatio() > 0 && breaker.failureRatio() <= 1,
                "breaker.failureRatio",
                "must be above 0 and at most 1");
        faults.requireNumber("breaker.minimumCalls", breaker.minimumCalls(), 1, MAX_CALLS);
        faults.requireDuration("breaker.openFor", breaker.openFor(), ONE_MILLI, Duration.ofHours(1));
    }

    private static void health(HealthCheck health, Faults faults) {
        health.path()
                .ifPresent(path -> faults.require(
                        PathRules.isRawPath(path), "health.path", "must be a path such as /health, percent-encoded"));
        faults.requireDuration("health.interval", health.interval(), Duration.ofMillis(100), Duration.ofHours(1));
        faults.requireDuration("health.timeout", health.timeout(), ONE_MILLI, Duration.ofMinutes(1));
        faults.requireNumber("health.unhealthyAfter", health.unhealthyAfter(), 1, MAX_IN_A_ROW);
        faults.requireNumber("health.healthyAfter", health.healthyAfter(), 1, MAX_IN_A_ROW);
    }
}
