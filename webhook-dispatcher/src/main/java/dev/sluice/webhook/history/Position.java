package dev.sluice.webhook.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something stands in time, and before what else of the same moment. Each is one only, on every dispatcher, so that pages go on where
 * they ended whichever of them is asked.
 *
 * @param at in microseconds, as on the log
 */
record Position(Instant at, String deliveryId, int number) implements Comparable<Position> {

    private static final Comparator<Position> ORDER = Comparator.comparing(Position::at)
            .thenComparing(Position::deliveryId)
            .thenComparingInt(Position::number);
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,17})-([A-Za-z0-9_]{1,64})-([0-9]{1,9})");

    Position {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    /** Reads what {@link #cursor} wrote. */
    static Optional<Position> parse(String cursor) {
        Matcher matcher = CURSOR.matcher(cursor);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Position(
                    Instant.EPOCH.plus(Long.parseLong(matcher.group(1)), ChronoUnit.MICROS),
                    matcher.group(2),
                    Integer.parseInt(matcher.group(3))));
        } catch (DateTimeException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    String cursor() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "-" + deliveryId + "-" + number;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
