package dev.sluice.metrics.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often a dead stream thread is replaced at once. A thread that dies again and again is not helped by another; then
 * the whole client is closed and started anew after a pause. Not thread-safe.
 */
final class ThreadReplacementBudget {
    private final int max;
    private final Duration within;
    private final Deque<Instant> replacements = new ArrayDeque<>();

    ThreadReplacementBudget(int max, Duration within) {
        this.max = max;
        this.within = within;
    }

    /** Takes one replacement if there is one left. */
    boolean tryTake(Instant now) {
        while (!replacements.isEmpty() && replacements.getFirst().plus(within).isBefore(now)) {
            replacements.removeFirst();
        }
        if (replacements.size() >= max) {
            return false;
        }
        replacements.addLast(now);
        return true;
    }
}
