package dev.sluice.metrics.query;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The reads of one tenant over many windows, merged: in all, by namespace and by pattern. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of namespaces, of each its name and number of patterns, of each of these its name
 * and tally.
 */
public final class CacheStats {
    private static final int VERSION = 1;

    private final CacheTally total = new CacheTally();
    private final SortedMap<String, CacheTally> byNamespace = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, CacheTally>> byPattern = new TreeMap<>();

    void add(CacheDimension dimension, CacheTally tally) {
        add(dimension.namespace(), dimension.pattern(), tally);
    }

    private void add(String namespace, String pattern, CacheTally tally) {
        total.merge(tally);
        byNamespace.computeIfAbsent(namespace, absent -> new CacheTally()).merge(tally);
        byPattern
                .computeIfAbsent(namespace, absent -> new TreeMap<>())
                .computeIfAbsent(pattern, absent -> new CacheTally())
                .merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    CacheStats plus(CacheStats other) {
        other.byPattern.forEach(
                (namespace, patterns) -> patterns.forEach((pattern, tally) -> add(namespace, pattern, tally)));
        return this;
    }

    /** Is told of each pattern. */
    interface PatternVisitor {
        void counted(String namespace, String pattern, CacheTally tally);
    }

    void forEachPattern(PatternVisitor visitor) {
        byPattern.forEach((namespace, tallies) ->
                tallies.forEach((pattern, tally) -> visitor.counted(namespace, pattern, tally)));
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(byPattern.size());
        byPattern.forEach((namespace, patterns) -> {
            out.writeText(namespace).writeCount(patterns.size());
            patterns.forEach((pattern, tally) -> {
                out.writeText(pattern);
                tally.encode(out);
            });
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static CacheStats decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        CacheStats stats = new CacheStats();
        for (long namespaces = in.readCount(); namespaces > 0; namespaces--) {
            String namespace = in.readText();
            for (long patterns = in.readCount(); patterns > 0; patterns--) {
                stats.add(namespace, in.readText(), CacheTally.decode(in));
            }
        }
        in.expectEnd();
        return stats;
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
