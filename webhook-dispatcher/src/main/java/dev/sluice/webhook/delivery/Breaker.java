package dev.sluice.webhook.delivery;

import java.time.Duration;

/**
 * A circuit breaker (Nygard, Release It!): after so many failures in a row, and nothing else for so long, it opens; when it was open long enough one request may go,
 * the probe. A success closes it; a probe that fails opens it for twice as long. Times are nanoseconds of one monotonic clock. Not
 * thread-safe.
 */
final class Breaker {

    /** What may go: everything, nothing, or a probe. */
    enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final BreakerLimits limits;
    private int failures;
    private long failingSinceNanos;
    private boolean open;
    private long openUntilNanos;
    private Duration wait = Duration.ZERO;

    Breaker(BreakerLimits limits) {
        this.limits = limits;
    }

    /** A request failed; true when the breaker opens, or opens again. */
    boolean failed(long nowNanos) {
        failingSinceNanos = failures == 0 ? nowNanos : failingSinceNanos;
        failures++;
        boolean wasProbe = isHalfOpen(nowNanos);
        if (open && !wasProbe) {
            // It was under way when the breaker opened.
            return false;
        }
        boolean enough = failures >= limits.failures()
                && nowNanos - failingSinceNanos >= limits.failingFor().toNanos();
        if (!wasProbe && !enough) {
            return false;
        }
        openFor(wasProbe ? shorter(wait.multipliedBy(2), limits.longestWait()) : limits.firstWait(), nowNanos);
        return true;
    }

    /** A request succeeded; true when that closes it. */
    boolean succeeded() {
        boolean closes = open;
        failures = 0;
        open = false;
        return closes;
    }

    /** As it was left by another, until then. */
    void reopen(int before, long waitNanos, long nowNanos) {
        failures = Math.max(before, limits.failures());
        openFor(shorter(Duration.ofNanos(Math.max(waitNanos, 0)), limits.longestWait()), nowNanos);
        wait = wait.compareTo(limits.firstWait()) < 0 ? limits.firstWait() : wait;
    }

    /** The next probe waits so long; false when it is not open, or that is longer than it may be. */
    boolean awaitProbe(long waitNanos, long nowNanos) {
        if (!open || waitNanos > limits.longestWait().toNanos()) {
            return false;
        }
        openUntilNanos = Math.max(openUntilNanos - nowNanos, waitNanos) + nowNanos;
        return true;
    }

    private void openFor(Duration time, long nowNanos) {
        wait = time;
        open = true;
        openUntilNanos = nowNanos + time.toNanos();
    }

    boolean isOpen() {
        return open;
    }

    /** Whether one request may go. */
    boolean isHalfOpen(long nowNanos) {
        return open && openUntilNanos - nowNanos <= 0;
    }

    State state(long nowNanos) {
        if (!open) {
            return State.CLOSED;
        }
        return isHalfOpen(nowNanos) ? State.HALF_OPEN : State.OPEN;
    }

    /** How long nothing may go. */
    long closedFor(long nowNanos) {
        return open ? Math.max(0, openUntilNanos - nowNanos) : 0;
    }

    int failures() {
        return failures;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
