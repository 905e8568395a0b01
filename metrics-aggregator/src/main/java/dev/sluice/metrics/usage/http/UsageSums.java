package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.usage.UsageTally;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was used in a range: in all, at each point, by group and by key. Not thread-safe.
 *
 * <p>Encoding, version 1: version; total; points at which something was used, groups and keys, of each kind their number, and
 * of each its name and tally.
 */
final class UsageSums {
    private static final int VERSION = 1;

    private final UsageRange range;
    private final SortedMap<Instant, UsageTally> points = new TreeMap<>();
    private final SortedMap<String, UsageTally> byGroup = new TreeMap<>();
    private final Map<String, UsageTally> byKey = new HashMap<>();
    private UsageTally total = UsageTally.NONE;

    /** Every point is there from the start, so that those at which nothing was used are no gaps. */
    UsageSums(UsageRange range) {
        this.range = range;
        for (Instant start = range.from();
                start.isBefore(range.to());
                start = range.step().next(start)) {
            points.put(start, UsageTally.NONE);
        }
    }

    void add(String keyId, String group, Instant start, UsageTally used) {
        total = total.plus(used);
        points.merge(range.step().floor(start), used, UsageTally::plus);
        byGroup.merge(group, used, UsageTally::plus);
        byKey.merge(keyId, used, UsageTally::plus);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    UsageSums plus(UsageSums other) {
        total = total.plus(other.total);
        other.points.forEach((start, used) -> points.merge(start, used, UsageTally::plus));
        other.byGroup.forEach((group, used) -> byGroup.merge(group, used, UsageTally::plus));
        other.byKey.forEach((keyId, used) -> byKey.merge(keyId, used, UsageTally::plus));
        return this;
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter().writeByte(VERSION);
        total.encode(out);
        Map<String, UsageTally> used = new TreeMap<>();
        points.forEach((start, tally) -> {
            if (!tally.equals(UsageTally.NONE)) {
                used.put(start.toString(), tally);
            }
        });
        encode(used, out);
        encode(byGroup, out);
        encode(byKey, out);
        return out.toByteArray();
    }

    /** Reads what was encoded of the same range; refuses anything else. */
    static UsageSums decode(UsageRange range, byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        UsageSums sums = new UsageSums(range);
        sums.total = UsageTally.decode(in);
        decode(in).forEach((start, used) -> sums.points.put(Instant.parse(start), used));
        sums.byGroup.putAll(decode(in));
        sums.byKey.putAll(decode(in));
        in.expectEnd();
        return sums;
    }

    private static void encode(Map<String, UsageTally> tallies, CompactWriter out) {
        out.writeCount(tallies.size());
        tallies.forEach((name, tally) -> {
            out.writeText(name);
            tally.encode(out);
        });
    }

    private static Map<String, UsageTally> decode(CompactReader in) {
        Map<String, UsageTally> tallies = new HashMap<>();
        for (long left = in.readCount(); left > 0; left--) {
            tallies.put(in.readText(), UsageTally.decode(in));
        }
        return tallies;
    }

    UsageTally total() {
        return total;
    }

    SortedMap<Instant, UsageTally> points() {
        return Collections.unmodifiableSortedMap(points);
    }

    SortedMap<String, UsageTally> byGroup() {
        return Collections.unmodifiableSortedMap(byGroup);
    }

    Map<String, UsageTally> byKey() {
        return Collections.unmodifiableMap(byKey);
    }
}
