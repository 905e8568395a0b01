package dev.sluice.metrics.query;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The reads of one tenant over many windows, merged: in all, by namespace and by pattern. Not thread-safe. */
public final class CacheStats {
    private final CacheTally total = new CacheTally();
    private final SortedMap<String, CacheTally> byNamespace = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, CacheTally>> byPattern = new TreeMap<>();

    void add(CacheDimension dimension, CacheTally tally) {
        total.merge(tally);
        byNamespace
                .computeIfAbsent(dimension.namespace(), namespace -> new CacheTally())
                .merge(tally);
        byPattern
                .computeIfAbsent(dimension.namespace(), namespace -> new TreeMap<>())
                .computeIfAbsent(dimension.pattern(), pattern -> new CacheTally())
                .merge(tally);
    }

    public CacheTally total() {
        return total;
    }

    public SortedMap<String, CacheTally> byNamespace() {
        return Collections.unmodifiableSortedMap(byNamespace);
    }

    /** By namespace, then by pattern. */
    public SortedMap<String, SortedMap<String, CacheTally>> byPattern() {
        return Collections.unmodifiableSortedMap(byPattern);
    }
}
