package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.usage.UsageTally;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was used in a range: in all, at each point, by group and by key. Not thread-safe. */
final class UsageSums {
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
