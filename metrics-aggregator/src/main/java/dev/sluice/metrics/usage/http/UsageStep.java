package dev.sluice.metrics.usage.http;

import dev.sluice.metrics.usage.UsageScale;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** How long one point of a series is, by the calendar in UTC. */
enum UsageStep {
    MINUTE(UsageScale.MINUTES, ChronoUnit.MINUTES, 60, Duration.ofDays(1)),
    DAY(UsageScale.DAYS, ChronoUnit.DAYS, 30, Duration.ofDays(1100)),
    /** The sum of its days. */
    MONTH(UsageScale.DAYS, ChronoUnit.MONTHS, 12, Duration.ofDays(3660));

    private final UsageScale scale;
    private final ChronoUnit unit;
    private final int usualPoints;
    private final Duration longest;

    UsageStep(UsageScale scale, ChronoUnit unit, int usualPoints, Duration longest) {
        this.scale = scale;
        this.unit = unit;
        this.usualPoints = usualPoints;
        this.longest = longest;
    }

    static Optional<UsageStep> find(String label) {
        for (UsageStep step : values()) {
            if (step.label().equals(label)) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where what it is made of is counted. */
    UsageScale scale() {
        return scale;
    }

    /** The longest range of one answer. */
    Duration longest() {
        return longest;
    }

    /** Start of the first point, where the caller does not say it. */
    Instant usualFrom(Instant to) {
        return start(to).minus(usualPoints - 1L, unit).toInstant();
    }

    Instant floor(Instant at) {
        return start(at).toInstant();
    }

    Instant ceiling(Instant at) {
        Instant floor = floor(at);
        return floor.equals(at) ? floor : next(floor);
    }

    Instant next(Instant start) {
        return start.atZone(ZoneOffset.UTC).plus(1, unit).toInstant();
    }

    private ZonedDateTime start(Instant at) {
        ZonedDateTime time = at.atZone(ZoneOffset.UTC);
        return this == MONTH ? time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS) : time.truncatedTo(unit);
    }
}
