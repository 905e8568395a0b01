package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps calls from something that keeps failing. After some failures in a row it lets one call pass in each pause, until
 * one succeeds. Thread-safe.
 */
final class Breaker {

    private record State(int failures, Instant paused) {}

    private static final State CLOSED = new State(0, Instant.EPOCH);

    private final int maxFailures;
    private final Duration pause;
    private final InstantSource clock;
    private final AtomicReference<State> state = new AtomicReference<>(CLOSED);

    Breaker(int maxFailures, Duration pause, InstantSource clock) {
        this.maxFailures = maxFailures;
        this.pause = pause;
        this.clock = clock;
    }

    /** Whether a call may be made now; its outcome is to be told. */
    boolean tryPass() {
        State current = state.get();
        if (current.failures() < maxFailures) {
            return true;
        }
        Instant now = clock.instant();
        return isOver(current, now) && state.compareAndSet(current, new State(current.failures(), now));
    }

    private boolean isOver(State current, Instant now) {
        // A clock that was set back must not keep it open.
        return Duration.between(current.paused(), now).abs().compareTo(pause) >= 0;
    }

    /** Whether no call may be made now; to ask does not use up the one that may. */
    boolean isOpen() {
        State current = state.get();
        return current.failures() >= maxFailures && !isOver(current, clock.instant());
    }

    void succeeded() {
        if (state.get().failures() > 0) {
            state.set(CLOSED);
        }
    }

    /** Whether this failure was the one that opened it. */
    boolean failed() {
        Instant now = clock.instant();
        State after = state.updateAndGet(before -> new State(Math.min(before.failures() + 1, maxFailures + 1), now));
        return after.failures() == maxFailures;
    }
}
