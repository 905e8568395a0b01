package dev.sluice.metrics.replay;

import dev.sluice.record.Rollup;
import java.time.Instant;

/**
 * What is counted once more: windows that lie wholly between.
 *
 * @param from belongs to it
 * @param to does not
 */
public record ReplayRange(Instant from, Instant to) {
    public ReplayRange {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("from must be before to: " + from + ", " + to);
        }
    }

    boolean contains(Rollup rollup) {
        Instant start = rollup.getWindowStart();
        return !start.isBefore(from)
                && !start.plusSeconds(rollup.getWindowSeconds()).isAfter(to);
    }
}
