package dev.sluice.gateway.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the timeouts of all requests of one event loop: a timer for each request would cost more than the request's own
 * bookkeeping. Used on the loop.
 */
final class LoopWatches {

    /** How late a timeout may be noticed. */
    static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventExecutor loop;
    private @Nullable Watch first;
    private boolean looking;

    LoopWatches(EventExecutor loop) {
        this.loop = loop;
    }

    void add(Watch watch) {
        Watch next = first;
        watch.after = next;
        if (next != null) {
            next.before = watch;
        }
        first = watch;
        lookLater();
    }

    /** Does nothing when it was not added, or is removed already. */
    void remove(Watch watch) {
        Watch previous = watch.before;
        Watch next = watch.after;
        if (first == watch) {
            first = next;
        } else if (previous != null) {
            previous.after = next;
        }
        if (next != null) {
            next.before = previous;
        }
        watch.before = null;
        watch.after = null;
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            Future<?> _ = loop.schedule(this::look, LATEST_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        looking = false;
        long now = System.nanoTime();
        Watch watch = first;
        while (watch != null) {
            Watch next = watch.after;
            if (watch.leftNanos(now) <= 0) {
                remove(watch);
                watch.tell(now);
            }
            watch = next;
        }
        if (first != null) {
            lookLater();
        }
    }
}
