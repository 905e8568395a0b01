package dev.sluice.metrics.traffic;

import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.EventTime;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the requests of one batch by window, each by the time at which it ended. */
final class RouteSplitter {
    /** Requests wait for Kafka at a gateway, in batches as long as the outage; a larger offset counts as this. */
    static final Duration MAX_OFFSET = Duration.ofHours(24);

    private final Level windows;
    private final EventTime eventTime;

    RouteSplitter(Level windows, EventTime eventTime) {
        this.windows = windows;
        this.eventTime = eventTime;
    }

    /**
     * Tallies by start of window.
     *
     * @param batchMillis accepted time of the batch's first request
     * @param nowMillis what no time may lie far ahead of
     */
    SortedMap<Long, RouteTally> split(RequestBatch batch, long batchMillis, long nowMillis) {
        SortedMap<Long, RouteTally> tallies = new TreeMap<>();
        for (RequestEntry entry : batch.getEntries()) {
            long offset = Math.clamp(entry.getOffsetMicros(), 0, MAX_OFFSET.toMillis() * 1000) / 1000;
            long ended = eventTime.clampMillis(batchMillis + offset, nowMillis, batchMillis);
            tallies.computeIfAbsent(windows.startOf(ended), start -> new RouteTally())
                    .add(entry, ended);
        }
        return tallies;
    }
}
