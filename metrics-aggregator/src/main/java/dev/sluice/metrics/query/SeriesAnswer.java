package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures by window; those in which nothing was read are there with zeros. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record SeriesAnswer(
        String interval,
        Instant from,
        Instant to,
        @Nullable Instant asOf,
        @Nullable FreshnessView freshness,
        List<Point> series) {
    /** One window. */
    record Point(Instant start, @JsonUnwrapped NamedFigures figures) {}

    static SeriesAnswer of(SeriesRange range, @Nullable Freshness freshness, CacheSeries counted) {
        return new SeriesAnswer(
                range.intervalText(),
                range.from(),
                range.to(),
                freshness == null ? null : freshness.completeTo(),
                FreshnessView.of(freshness),
                range.starts().stream()
                        .map(start -> new Point(start, NamedFigures.of(counted.tally(start.toEpochMilli()))))
                        .toList());
    }

    /** A line of names, then one for each window, as RFC 4180 has it; empty where nothing is known. */
    static Stream<String> csv(SeriesRange range, CacheSeries counted) {
        return Stream.concat(
                Stream.of("start," + String.join(",", NamedFigures.NAMES) + "\r\n"),
                range.starts().stream().map(start -> line(start, counted)));
    }

    private static String line(Instant start, CacheSeries counted) {
        NamedFigures figures = NamedFigures.of(counted.tally(start.toEpochMilli()));
        return start + "," + String.join(",", figures.texts()) + "\r\n";
    }
}
