package dev.sluice.gateway.ratelimit;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether something that may fail is to be asked. Some failures in a row open it, as does word that it is lost; only who
 * looked after it in the background closes it again. Where it was merely silent, the next word of it closes it. Pure but for
 * its state: it has no clock. Thread-safe.
 */
final class Breaker {

    /**
     * @param silent whose silence alone has opened it; null when it was something else, or nothing
     * @param openings grows with each opening, so that a look that began before the last one closes nothing
     */
    private record State(boolean open, @Nullable String silent, int failures, long openings) {

        static State closed(int failures, long openings) {
            return new State(false, null, failures, openings);
        }

        State opened(@Nullable String silentOne) {
            return new State(true, silentOne, 0, openings + 1);
        }
    }

    private final int maxFailures;
    private final AtomicReference<State> state = new AtomicReference<>(State.closed(0, 0));

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
            state.updateAndGet(before -> before.open() ? before : State.closed(0, before.openings()));
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
        return failures < maxFailures ? State.closed(failures, before.openings()) : before.opened(null);
    }

    /** Whether it was closed. */
    boolean open() {
        return !state.getAndUpdate(before -> before.opened(null)).open();
    }

    /** The same for silence: nothing says that it is not the one it was. Whether it was closed. */
    boolean openForSilence(String silentOne) {
        return !state.getAndUpdate(before -> before.open() ? before : before.opened(silentOne))
                .open();
    }

    /** One was heard. Whether that ends its mere silence. */
    boolean closeAfterSilence(String heardOne) {
        State before = state.getAndUpdate(now -> heardOne.equals(now.silent()) ? State.closed(0, now.openings()) : now);
        return heardOne.equals(before.silent());
    }

    /**
     * Closes it, unless it was opened once more since.
     *
     * @return whether it was open and is closed now
     */
    boolean close(long openings) {
        State before =
                state.getAndUpdate(now -> now.openings() == openings ? State.closed(now.failures(), openings) : now);
        return before.open() && before.openings() == openings;
    }
}
