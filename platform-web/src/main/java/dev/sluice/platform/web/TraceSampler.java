package dev.sluice.platform.web;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Which of the traces that begin here are kept: some by chance, and of those no more than so many a second, as many at once. What is kept
 * costs several processes some work each time, and pushes out what was kept before. Thread-safe; never waits.
 */
final class TraceSampler {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double ratio;
    private final long gap;
    private final LongSupplier nanos;

    /** When all that was kept would have been, had there been as long between any two as is meant. */
    private final AtomicLong due;

    /**
     * One of its own.
     *
     * @param ratio 0 to 1
     * @param nanos a clock that goes on evenly, such as {@link System#nanoTime}
     */
    TraceSampler(double ratio, int maxPerSecond, LongSupplier nanos) {
        this.ratio = ratio;
        this.gap = SECOND / maxPerSecond;
        this.nanos = nanos;
        this.due = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Whether a trace is kept.
     *
     * @param id half of the trace's id, by which others decide it too
     */
    boolean isKept(long id) {
        return (id >>> 1) < ratio * Long.MAX_VALUE && isRoom();
    }

    private boolean isRoom() {
        long now = nanos.getAsLong();
        while (true) {
            long before = due.get();
            long after = (before - now > 0 ? before : now) + gap;
            if (after - now > SECOND) {
                return false;
            }
            if (due.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
