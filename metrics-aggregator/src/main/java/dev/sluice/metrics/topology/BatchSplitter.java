package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Level;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
        List<CacheRead> entries = batch.getEntries();
        if (entries.isEmpty()) {
            return Collections.emptySortedMap();
        }
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < entries.size(); i++) {
            long micros = entries.get(i).getOffsetMicros();
            least = Math.min(least, micros);
            most = Math.max(most, micros);
        }
        SortedMap<Long, List<CacheRead>> reads = new TreeMap<>();
        long first = windowOf(batchMillis, least);
        if (first == windowOf(batchMillis, most)) {
            reads.put(first, entries);
            return reads;
        }
        for (CacheRead read : entries) {
            reads.computeIfAbsent(windowOf(batchMillis, read.getOffsetMicros()), start -> new ArrayList<>())
                    .add(read);
        }
        return reads;
    }

    private long windowOf(long batchMillis, long offsetMicros) {
        return windows.startOf(batchMillis + Math.clamp(offsetMicros, 0, MAX_OFFSET_MICROS) / 1000);
    }
}
