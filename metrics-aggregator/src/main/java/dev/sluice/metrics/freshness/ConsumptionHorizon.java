package dev.sluice.metrics.freshness;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far the input has been counted, from observations of its end and of the positions reached. A time is
 * <em>complete</em> once everything that was in the log at that time has been counted; so it moves on under steady load
 * too, when the lag is never zero. Not thread-safe.
 */
final class ConsumptionHorizon {
    /** Ends remembered while the positions catch up; when full, the middle ones are forgotten. */
    private static final int MAX_REMEMBERED = 600;

    private record End(Instant at, Map<Integer, Long> offsets) {}

    private final Deque<End> unreached = new ArrayDeque<>();
    private @Nullable Instant completeTo;

    /**
     * Takes one observation and says what is known now.
     *
     * @param at when the ends were asked for
     * @param ends end offset by partition, asked for before the positions
     * @param positions next offset to count by partition
     */
    Freshness observe(Instant at, Map<Integer, Long> ends, Map<Integer, Long> positions) {
        if (unreached.size() == MAX_REMEMBERED) {
            unreached.removeLast();
        }
        unreached.addLast(new End(at, Map.copyOf(ends)));
        while (!unreached.isEmpty() && lag(unreached.getFirst().offsets(), positions) == 0) {
            completeTo = unreached.removeFirst().at();
        }
        return new Freshness(completeTo, lag(ends, positions), at);
    }

    private static long lag(Map<Integer, Long> ends, Map<Integer, Long> positions) {
        long lag = 0;
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            lag += Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L));
        }
        return lag;
    }
}
