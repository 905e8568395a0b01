package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.BreakerRule;
import java.util.function.LongSupplier;

/**
 * Keeps requests from a target that keeps failing (Nygard, "Release It!", circuit breaker). It opens when too large a
 * share of the calls of the last ten seconds failed, or when several connections in a row could not be made; after a
 * while it lets one call at a time pass as a probe, until one succeeds. Thread-safe; never waits.
 */
final class TargetBreaker {

    /** A target that refuses connections needs no statistics. */
    static final int CONNECT_FAILURES = 5;

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    private final BreakerRule rule;
    private final LongSupplier nanos;
    private final CallWindow window;
    private State state = State.CLOSED;
    private long openedNanos;
    private boolean probeUnderWay;
    private int connectFailures;

    /** @param nanos a clock that only moves on, such as {@link System#nanoTime} */
    TargetBreaker(BreakerRule rule, LongSupplier nanos) {
        this.rule = rule;
        this.nanos = nanos;
        this.window = new CallWindow(nanos.getAsLong());
    }

    /** Whether a call may be made now; then exactly one of the three ends is to be told. */
    synchronized boolean tryPass() {
        if (state == State.CLOSED) {
            return true;
        }
        if (state == State.OPEN && remainingNanos() > 0) {
            return false;
        }
        if (state == State.PROBING && probeUnderWay) {
            return false;
        }
        state = State.PROBING;
        probeUnderWay = true;
        return true;
    }

    synchronized void succeeded() {
        connectFailures = 0;
        if (state == State.CLOSED) {
            window.count(false, nanos.getAsLong());
            return;
        }
        if (state == State.OPEN) {
            // A call from before it opened: a target that fails half of them would never be left alone.
            return;
        }
        state = State.CLOSED;
        probeUnderWay = false;
        window.clear();
    }

    /** There was a connection, but no answer that is one. */
    synchronized void failed() {
        connectFailures = 0;
        countFailure();
    }

    /** There was not even a connection. */
    synchronized void failedToConnect() {
        connectFailures++;
        countFailure();
    }

    /** The call ended without saying anything about the target. */
    synchronized void abandoned() {
        probeUnderWay = false;
    }

    synchronized boolean isOpen() {
        return state != State.CLOSED;
    }

    /** Until the next call may pass; 0 when one may now. */
    synchronized long remainingNanos() {
        if (state != State.OPEN) {
            return 0;
        }
        return Math.max(0, rule.openFor().toNanos() - (nanos.getAsLong() - openedNanos));
    }

    private void countFailure() {
        if (state == State.PROBING) {
            open();
            return;
        }
        if (state == State.OPEN) {
            return;
        }
        window.count(true, nanos.getAsLong());
        int calls = window.calls();
        boolean tooMany = calls >= rule.minimumCalls() && window.failures() >= Math.ceil(rule.failureRatio() * calls);
        if (tooMany || connectFailures >= CONNECT_FAILURES) {
            open();
        }
    }

    private void open() {
        state = State.OPEN;
        openedNanos = nanos.getAsLong();
        probeUnderWay = false;
        window.clear();
    }
}
