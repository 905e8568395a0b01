package dev.sluice.metrics.query;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.traffic.RouteTally;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The requests of a tenant over many windows, merged: in all and by route. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of routes, of each its name and tally.
 */
final class RouteStats {
    private static final int VERSION = 1;

    private final RouteTally total = new RouteTally();
    private final SortedMap<String, RouteTally> byRoute = new TreeMap<>();

    void add(String route, RouteTally tally) {
        total.merge(tally);
        byRoute.computeIfAbsent(route, absent -> new RouteTally()).merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    RouteStats plus(RouteStats other) {
        other.byRoute.forEach(this::add);
        return this;
    }

    RouteTally total() {
        return total;
    }

    SortedMap<String, RouteTally> byRoute() {
        return Collections.unmodifiableSortedMap(byRoute);
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(byRoute.size());
        byRoute.forEach((route, tally) -> {
            out.writeText(route);
            tally.encode(out);
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static RouteStats decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        RouteStats stats = new RouteStats();
        for (long routes = in.readCount(); routes > 0; routes--) {
            stats.add(in.readText(), RouteTally.decode(in));
        }
        in.expectEnd();
        return stats;
    }
}
