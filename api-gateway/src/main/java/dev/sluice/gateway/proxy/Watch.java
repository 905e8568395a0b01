package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Timeouts;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one request. One timer looks from time to time how long nothing has moved; what moves only notes the
 * time. Tells of at most one fault. Thread-safe.
 */
final class Watch {

    /** What is waited for. */
    enum Phase {
        /** A connection, which has timeouts of its own. */
        CONNECTION,
        /** The caller's body on its way up. */
        REQUEST_BODY,
        /** The head of the answer. */
        ANSWER,
        /** The answer's body on its way down, or a WebSocket's frames. */
        ANSWER_BODY
    }

    private final EventExecutor loop;
    private final Timeouts timeouts;
    private final Consumer<UpstreamFault> verdict;
    private final long startedNanos = System.nanoTime();
    private volatile long movedNanos = startedNanos;
    private volatile Phase phase = Phase.CONNECTION;
    private volatile boolean ended;
    private volatile @Nullable Future<?> timer;
    private volatile long dueNanos;

    /** @param verdict told on the loop */
    Watch(EventExecutor loop, Timeouts timeouts, Consumer<UpstreamFault> verdict) {
        this.loop = loop;
        this.timeouts = timeouts;
        this.verdict = verdict;
    }

    /** What comes next; an answer that is there already is not waited for, though the request is still on its way. */
    void enter(Phase next) {
        if (phase == Phase.ANSWER_BODY && (next == Phase.ANSWER || next == Phase.REQUEST_BODY)) {
            return;
        }
        movedNanos = System.nanoTime();
        phase = next;
        // A shorter limit may be ahead of the timer that runs; with a longer one, it looks early and again later.
        lookIn(leftNanos());
    }

    void moved() {
        movedNanos = System.nanoTime();
    }

    void end() {
        ended = true;
        cancelTimer();
    }

    private void lookIn(long inNanos) {
        if (ended || inNanos == Long.MAX_VALUE) {
            return;
        }
        long due = System.nanoTime() + Math.max(inNanos, 0);
        if (timer != null && dueNanos - due <= 0) {
            return;
        }
        cancelTimer();
        dueNanos = due;
        timer = loop.schedule(this::look, Math.max(inNanos, 0), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        Future<?> current = timer;
        if (current != null) {
            current.cancel(false);
        }
    }

    private void look() {
        if (ended) {
            return;
        }
        timer = null;
        long left = leftNanos();
        if (left > 0) {
            lookIn(left);
            return;
        }
        ended = true;
        verdict.accept(totalLeftNanos() <= 0 ? UpstreamFault.TOTAL_TIMEOUT : faultOfPhase());
    }

    private long leftNanos() {
        return Math.min(totalLeftNanos(), phaseLeftNanos());
    }

    private long totalLeftNanos() {
        long total = timeouts.total().toNanos();
        return total == 0 ? Long.MAX_VALUE : total - (System.nanoTime() - startedNanos);
    }

    private long phaseLeftNanos() {
        long still = System.nanoTime() - movedNanos;
        return switch (phase) {
            case CONNECTION -> Long.MAX_VALUE;
            case ANSWER -> timeouts.firstByte().toNanos() - still;
            case REQUEST_BODY, ANSWER_BODY -> timeouts.idle().toNanos() - still;
        };
    }

    private UpstreamFault faultOfPhase() {
        return phase == Phase.ANSWER ? UpstreamFault.FIRST_BYTE_TIMEOUT : UpstreamFault.IDLE_TIMEOUT;
    }
}
