package dev.sluice.metrics.query;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.CacheTally;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The reads of one tenant by window, merged over patterns. Windows without reads are not there. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of windows, of each its start in milliseconds since 1970 and its tally.
 */
final class CacheSeries {
    private static final int VERSION = 1;

    private final SortedMap<Long, CacheTally> windows = new TreeMap<>();

    void add(long windowStart, CacheTally tally) {
        windows.computeIfAbsent(windowStart, absent -> new CacheTally()).merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    CacheSeries plus(CacheSeries other) {
        other.windows.forEach(this::add);
        return this;
    }

    /** Of a window; an empty one when nothing was read. */
    CacheTally tally(long windowStart) {
        return windows.getOrDefault(windowStart, new CacheTally());
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(windows.size());
        windows.forEach((start, tally) -> {
            out.writeCount(start);
            tally.encode(out);
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static CacheSeries decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        CacheSeries series = new CacheSeries();
        for (long left = in.readCount(); left > 0; left--) {
            series.add(in.readCount(), CacheTally.decode(in));
        }
        in.expectEnd();
        return series;
    }
}
