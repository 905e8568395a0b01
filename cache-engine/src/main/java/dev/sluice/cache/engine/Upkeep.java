package dev.sluice.cache.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * Where Caffeine does what follows from reads and changes. What follows from a change is done before it is answered, so that the copies never
 * weigh more than they may; what follows from reads, which copies are worth keeping, is done beside them: it costs more than
 * they do. Thread-safe.
 */
final class Upkeep implements Executor {

    private final ThreadLocal<Boolean> changing = new ThreadLocal<>();

    /** The work that the change makes is done on this thread, and may as well be another's. */
    void atOnce(Runnable change) {
        changing.set(true);
        try {
            change.run();
        } finally {
            changing.remove();
        }
    }

    @Override
    public void execute(Runnable work) {
        if (changing.get() == null) {
            ForkJoinPool.commonPool().execute(work);
        } else {
            work.run();
        }
    }
}
