package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stream of windows stands: which one comes next. Pure.
 *
 * @param interval length of the windows
 * @param next start of the window that comes next
 */
record LivePlace(Duration interval, Instant next) {

    /** Those that are short enough to wait for. */
    static final List<Duration> INTERVALS = List.of(Level.TEN_SECONDS, Level.MINUTE);

    /** As many windows come at once to who comes back after a while. */
    static final int MOST_AT_ONCE = 60;

    private static final Pattern ID = Pattern.compile("(PT10S|PT1M)\\.([0-9]{1,11})");

    /**
     * What a stream has to say now.
     *
     * @param missedFrom start of what is not kept any more; null when nothing was missed
     * @param from start of the first window
     * @param to end of the last one; the same as {@code from} when there is nothing to say
     */
    record Turn(Optional<Instant> missedFrom, Instant from, Instant to) {
        boolean isEmpty() {
            return from.equals(to) && missedFrom.isEmpty();
        }
    }

    /** For who comes for the first time: begins with the window that ended last. */
    static LivePlace latest(Duration interval, Instant completeTo) {
        return new LivePlace(interval, floor(completeTo, interval).minus(interval));
    }

    /** Behind the window that an id was sent with; empty for what is no such id, or one of a window to come. */
    static Optional<LivePlace> behind(String id, Instant now) {
        Matcher parts = ID.matcher(id);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Duration interval = Duration.parse(parts.group(1));
        Instant start = Instant.ofEpochSecond(Long.parseLong(parts.group(2)));
        return start.equals(floor(start, interval)) && !start.isAfter(now)
                ? Optional.of(new LivePlace(interval, start.plus(interval)))
                : Optional.empty();
    }

    /** What a client sends back to go on behind the window that comes before the next. */
    String id() {
        return interval + "." + next.minus(interval).getEpochSecond();
    }

    LivePlace at(Instant start) {
        return new LivePlace(interval, start);
    }

    /**
     * The windows that are over and were not told of yet.
     *
     * @param completeTo everything up to then is counted
     * @param kept how long windows are kept
     */
    Turn turn(Instant completeTo, Duration kept) {
        Instant end = floor(completeTo, interval);
        Instant oldest = floor(end.minus(kept), interval).plus(interval.multipliedBy(2));
        boolean missed = next.isBefore(oldest);
        Instant from = missed ? oldest : next;
        Instant most = from.plus(interval.multipliedBy(MOST_AT_ONCE));
        Instant to = end.isBefore(from) ? from : end.isBefore(most) ? end : most;
        return new Turn(missed ? Optional.of(next) : Optional.empty(), from, to);
    }

    private static Instant floor(Instant at, Duration interval) {
        long seconds = at.getEpochSecond();
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, interval.toSeconds()));
    }
}
