package dev.sluice.gateway.ratelimit;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether something that may fail is to be asked. Some failures in a row open it, as does word that it is lost; only who
 * looked after it in the background closes it again. Pure but for its state: it has no clock. Thread-safe.
 */
final class Breaker {

    /** @param openings grows with each opening, so that a look that began before the last one closes nothing */
    private record State(boolean open, int failures, long openings) {}

    private final int maxFailures;
    private final AtomicReference<State> state = new AtomicReference<>(new State(false, 0, 0));

    Breaker(int maxFailures) {
        this.maxFailures = maxFailures;
    }

    boolean isOpen() {
        return state.get().open();
    }

    /** To be taken before one looks, for {@link #close}. */
    long openings() {
        return state.get().openings();
    }

    void succeeded() {
        if (state.get().failures() > 0) {
            state.updateAndGet(before -> before.open() ? before : new State(false, 0, before.openings()));
        }
    }

    /** Whether this failure was the one that opened it. */
    boolean failed() {
        State before = state.getAndUpdate(this::afterFailure);
        return !before.open() && before.failures() + 1 >= maxFailures;
    }

    private State afterFailure(State before) {
        if (before.open()) {
            return before;
        }
        int failures = before.failures() + 1;
        return failures < maxFailures ? new State(false, failures, before.openings()) : opened(before);
    }

    /** Whether it was closed. */
    boolean open() {
        return !state.getAndUpdate(Breaker::opened).open();
    }

    private static State opened(State before) {
        return new State(true, 0, before.openings() + 1);
    }

    /**
     * Closes it, unless it was opened once more since.
     *
     * @return whether it was open and is closed now
     */
    boolean close(long openings) {
        State before = state.getAndUpdate(
                now -> now.openings() == openings ? new State(false, now.failures(), openings) : now);
        return before.open() && before.openings() == openings;
    }
}
