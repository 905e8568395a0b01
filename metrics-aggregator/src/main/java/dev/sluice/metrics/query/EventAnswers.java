package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.event.EventTally;
import dev.sluice.metrics.event.EventTally.Count;
import dev.sluice.metrics.freshness.Freshness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many events of each type there were, by window; windows without any are there with zeros. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record EventAnswers(
        String interval,
        Instant from,
        Instant to,
        @Nullable Instant asOf,
        @Nullable FreshnessView freshness,
        long total_events,
        int total,
        List<TypeCount> types) {
    /** One window. */
    record Point(Instant start, long count, long bytes) {
        static Point of(Instant start, EventTally tally) {
            return new Point(start, tally.count(Count.EVENTS), tally.count(Count.BYTES));
        }
    }

    /**
     * One type, over the whole range and by window.
     *
     * @param bytes sizes of the events' data
     */
    record TypeCount(String type, long count, long bytes, List<Point> series) {
        static TypeCount of(String type, Map<Long, EventTally> windows, List<Instant> starts) {
            EventTally sum = new EventTally();
            windows.values().forEach(sum::merge);
            EventTally none = new EventTally();
            return new TypeCount(
                    type,
                    sum.count(Count.EVENTS),
                    sum.count(Count.BYTES),
                    starts.stream()
                            .map(start -> Point.of(start, windows.getOrDefault(start.toEpochMilli(), none)))
                            .toList());
        }
    }

    /** Types with the most events first. */
    static EventAnswers of(
            SeriesRange range, @Nullable Freshness freshness, NamedSeries<EventTally> counted, int limit) {
        List<Instant> starts = range.starts();
        List<TypeCount> types = new ArrayList<>();
        counted.byName().forEach((type, windows) -> types.add(TypeCount.of(type, windows, starts)));
        types.sort(Comparator.comparingLong(TypeCount::count).reversed());
        return new EventAnswers(
                range.intervalText(),
                range.from(),
                range.to(),
                freshness == null ? null : freshness.completeTo(),
                FreshnessView.of(freshness),
                types.stream().mapToLong(TypeCount::count).sum(),
                types.size(),
                types.stream().limit(limit).toList());
    }
}
