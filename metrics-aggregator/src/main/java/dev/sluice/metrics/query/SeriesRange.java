package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.platform.web.StrictQuery;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which windows a series has. What is asked for is covered in full: a range that begins or ends within a window has all of it, and no window
 * begins after now.
 *
 * @param level number of the level of the windows
 * @param from start of the first window
 * @param to end of the last one
 */
record SeriesRange(int level, Duration interval, Instant from, Instant to) {
    /** As many windows has a series where the caller does not say from when. */
    private static final int USUAL_POINTS = 60;

    private static final int MAX_POINTS = 1500;

    /**
     * Reads {@code from}, {@code to} and {@code interval}; refuses, with what to send, a range that cannot be answered.
     *
     * @param usual the interval where the caller names none
     */
    static SeriesRange of(StrictQuery query, Ladder<?> ladder, Duration usual, Instant now) {
        Duration interval =
                query.text("interval").map(text -> interval(text, ladder)).orElse(usual);
        int level = ladder.levelOf(interval);
        Instant to = query.instant("to").orElse(now);
        Instant end = to.isBefore(now) ? to : now;
        Optional<Instant> asked = query.instant("from");
        Instant from = asked.orElseGet(() -> end.minus(interval.multipliedBy(USUAL_POINTS)));
        if (!from.isBefore(end)) {
            throw QueryParameters.invalid("from", "Send an instant before " + end + ".");
        }
        Instant oldest = now.minus(ladder.levels().get(level).retention()).plus(interval);
        if (from.isBefore(oldest)) {
            throw QueryParameters.invalid(
                    asked.isPresent() ? "from" : "to",
                    "Windows of " + interval + " are kept from " + oldest
                            + " on; send a later instant, or a longer interval.");
        }
        Instant start = floor(from, interval);
        Instant stop = floor(end.minusMillis(1), interval).plus(interval);
        if (Duration.between(start, stop).dividedBy(interval) > MAX_POINTS) {
            throw QueryParameters.invalid(
                    "from",
                    "Ask for at most " + MAX_POINTS + " windows at once: send a later from, or a longer interval.");
        }
        return new SeriesRange(level, interval, start, stop);
    }

    /** The start of every window. */
    List<Instant> starts() {
        List<Instant> starts = new ArrayList<>();
        for (Instant start = from; start.isBefore(to); start = start.plus(interval)) {
            starts.add(start);
        }
        return starts;
    }

    private static Duration interval(String text, Ladder<?> ladder) {
        try {
            Duration interval = Duration.parse(text);
            ladder.levelOf(interval);
            return interval;
        } catch (DateTimeException | IllegalArgumentException e) {
            throw QueryParameters.invalid(
                    "interval", "Send " + lengths(ladder) + "; windows of other lengths are not kept.");
        }
    }

    private static String lengths(Ladder<?> ladder) {
        return ladder.levels().stream().map(level -> text(level.size())).collect(Collectors.joining(", "));
    }

    /** As it is asked for: Java writes a day as PT24H. */
    String intervalText() {
        return text(interval);
    }

    private static String text(Duration interval) {
        return interval.equals(Level.DAY) ? "P1D" : interval.toString();
    }

    private static Instant floor(Instant at, Duration interval) {
        long millis = at.toEpochMilli();
        return Instant.ofEpochMilli(millis - millis % interval.toMillis());
    }
}
