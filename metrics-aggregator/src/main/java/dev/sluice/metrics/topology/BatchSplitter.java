package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Level;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sorts the reads of one batch by window. A batch spans 100 ms, so nearly always there is one window, rarely two. */
final class BatchSplitter {
    /** A read cannot be later than its batch by more; a larger offset counts as this. */
    private static final long MAX_OFFSET_MICROS = Duration.ofMinutes(1).toMillis() * 1000;

    private final Level windows;

    BatchSplitter(Level windows) {
        this.windows = windows;
    }

    /**
     * Reads by start of window.
     *
     * @param batchMillis accepted time of the batch's first read
     */
    SortedMap<Long, List<CacheRead>> split(CacheReadBatch batch, long batchMillis) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (CacheRead read : batch.getEntries()) {
            long micros = offsetMicros(read);
            least = Math.min(least, micros);
            most = Math.max(most, micros);
        }
        SortedMap<Long, List<CacheRead>> reads = new TreeMap<>();
        if (least > most) {
            return reads;
        }
        long first = windows.startOf(batchMillis + least / 1000);
        if (first == windows.startOf(batchMillis + most / 1000)) {
            reads.put(first, batch.getEntries());
            return reads;
        }
        for (CacheRead read : batch.getEntries()) {
            long windowStart = windows.startOf(batchMillis + offsetMicros(read) / 1000);
            reads.computeIfAbsent(windowStart, start -> new ArrayList<>()).add(read);
        }
        return reads;
    }

    private static long offsetMicros(CacheRead read) {
        return Math.clamp(read.getOffsetMicros(), 0, MAX_OFFSET_MICROS);
    }
}
