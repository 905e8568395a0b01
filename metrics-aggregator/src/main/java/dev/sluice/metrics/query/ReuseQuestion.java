package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.reuse.ReuseNames;
import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.reuse.ReuseTopology;
import dev.sluice.platform.web.StrictQuery;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request asks of the sampled reads.
 *
 * @param length how far back it looks, in whole hours
 */
record ReuseQuestion(String tenant, Duration length, Instant now) {
    static final String PATH = "/internal/v1/cache/reuse";
    private static final Duration LONGEST = ReuseTopology.KEPT.minusDays(1);
    private static final Duration USUAL = Duration.ofDays(1);

    static ReuseQuestion of(StrictQuery query, String tenant, Instant now) {
        return new ReuseQuestion(
                tenant, query.text("window").map(ReuseQuestion::length).orElse(USUAL), now);
    }

    /** Looks back a day. */
    static ReuseQuestion ofDay(String tenant, Instant now) {
        return new ReuseQuestion(tenant, USUAL, now);
    }

    private static Duration length(String text) {
        try {
            Duration length = Duration.parse(text);
            if (length.compareTo(Level.HOUR) >= 0
                    && length.compareTo(LONGEST) <= 0
                    && length.equals(length.truncatedTo(ChronoUnit.HOURS))) {
                return length;
            }
        } catch (DateTimeException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static RuntimeException invalid() {
        return QueryParameters.invalid(
                "window", "Send an ISO 8601 duration of whole hours between PT1H and P7D, such as P1D.");
    }

    /** From the start of the hour in which the time that is asked for begins. */
    SeriesRange range() {
        Instant end = now.truncatedTo(ChronoUnit.HOURS).plus(Level.HOUR);
        return new SeriesRange(0, Level.HOUR, now.minus(length).truncatedTo(ChronoUnit.HOURS), end);
    }

    NamedSeriesQuestion<ReuseTally> asked(LadderReader<ReuseTally> windows) {
        return new NamedSeriesQuestion<>(windows, PATH, tenant, null, range());
    }

    /** What each partition has of each namespace, its windows merged. */
    static Map<String, List<ReuseTally>> byNamespace(NamedSeries<ReuseTally> series) {
        Map<String, List<ReuseTally>> found = new HashMap<>();
        series.byName()
                .forEach((name, windows) -> found.computeIfAbsent(
                                ReuseNames.namespaceOf(name), absent -> new ArrayList<>())
                        .add(merged(windows.values())));
        return found;
    }

    private static ReuseTally merged(Collection<ReuseTally> windows) {
        ReuseTally sum = new ReuseTally();
        windows.forEach(sum::merge);
        return sum;
    }
}
