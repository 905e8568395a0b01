package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Timeouts;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one request. What moves only notes the time; {@link LoopWatches} looks from time to time how long nothing
 * has. Tells of at most one fault. Thread-safe.
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

    private final Timeouts timeouts;
    private final Consumer<UpstreamFault> verdict;
    private final long startedNanos = System.nanoTime();
    private volatile long movedNanos = startedNanos;
    private volatile Phase phase = Phase.CONNECTION;

    /** Its neighbours among those that are looked at; of {@link LoopWatches} alone. */
    @Nullable
    Watch before;

    @Nullable
    Watch after;

    /** @param verdict told on the loop that looks */
    Watch(Timeouts timeouts, Consumer<UpstreamFault> verdict) {
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
    }

    void moved() {
        movedNanos = System.nanoTime();
    }

    /** How long it can still go on like this; 0 or less when it is over. */
    long leftNanos(long now) {
        return Math.min(totalLeftNanos(now), phaseLeftNanos(now));
    }

    void tell(long now) {
        verdict.accept(totalLeftNanos(now) <= 0 ? UpstreamFault.TOTAL_TIMEOUT : faultOfPhase());
    }

    private long totalLeftNanos(long now) {
        long total = timeouts.total().toNanos();
        return total == 0 ? Long.MAX_VALUE : total - (now - startedNanos);
    }

    private long phaseLeftNanos(long now) {
        long still = now - movedNanos;
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
