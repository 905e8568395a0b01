package dev.sluice.metrics.query;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** How far back an answer looks: whole minutes, one minute to a day. */
record QueryWindow(Duration length) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    static final String REMEDY = "Send an ISO 8601 duration of whole minutes between PT1M and PT24H, such as PT1H.";

    /** After the constants that its constructor needs. */
    static final QueryWindow DEFAULT = new QueryWindow(Duration.ofHours(1));

    QueryWindow {
        boolean inRange = length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0;
        if (!inRange || length.toSecondsPart() != 0 || length.toNanosPart() != 0) {
            throw new IllegalArgumentException(REMEDY);
        }
    }

    /** Reads a duration; the message of a refusal says what is accepted. */
    static QueryWindow parse(String text) {
        try {
            return new QueryWindow(Duration.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(REMEDY, e);
        }
    }

    /** Start of the first one-minute window that belongs to the answer: what is asked for is covered in full. */
    Instant from(Instant now) {
        return now.minus(length).truncatedTo(ChronoUnit.MINUTES);
    }
}
