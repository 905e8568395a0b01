package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls of the second level that are begun by themselves and made together. Those that begin after they were sent are made by themselves.
 * Thread-safe.
 *
 * @param <C> one of them
 */
abstract class Gathered<C> {

    private final SecondLevel second;
    private final List<C> gathered = new ArrayList<>();
    private boolean sent;

    Gathered(SecondLevel second) {
        this.second = second;
    }

    /** Waits for {@link #send}. */
    final void begin(C call) {
        if (!isGathered(call)) {
            alone(call);
        }
    }

    private boolean isGathered(C call) {
        synchronized (gathered) {
            return !sent && gathered.add(call);
        }
    }

    /** Repeated calls do nothing. */
    final void send() {
        List<C> all;
        synchronized (gathered) {
            all = sent ? List.of() : gathered;
            sent = true;
        }
        if (all.size() < 2 || second.mostAtOnce() < 2) {
            all.forEach(this::alone);
        } else {
            together(all);
        }
    }

    abstract void alone(C call);

    /** Of two or more. */
    abstract void together(List<C> calls);
}
