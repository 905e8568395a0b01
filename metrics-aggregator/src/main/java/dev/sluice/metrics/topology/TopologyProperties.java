package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the windows are.
 *
 * @param grace how long a window of ten seconds takes reads past its end; later reads are dropped and counted
 * @param retention how long windows of a minute can be queried; at least a day and the grace
 * @param hoursKept how long windows of an hour can be queried; at least two days, and an hour more than those of a minute
 * @param daysKept how long windows of a day can be queried; at least as long as those of an hour, and a day more than those of a minute
 * @param clockTolerance how far ahead of ours a producer's clock may run before its time is replaced by now
 * @param patternsPerTenant how many patterns of a tenant one partition of the log keeps apart in a day; the reads of others count as __other__
 * @param patternsInAll how many patterns of all tenants together one partition keeps apart in a day, and how many routes, webhooks and types of events each; the
 *     last half is kept for tenants who have few, so make it twice {@code patternsPerTenant} at least for one to come to all of that
 */
@ConfigurationProperties("sluice.metrics.topology")
public record TopologyProperties(
        @DefaultValue("5m") Duration grace,
        @DefaultValue("25h") Duration retention,
        @DefaultValue("30d") Duration hoursKept,
        @DefaultValue("400d") Duration daysKept,
        @DefaultValue("1m") Duration clockTolerance,
        @DefaultValue("200") int patternsPerTenant,
        @DefaultValue("2000") int patternsInAll) {
    private static final Duration LONGEST_QUERY = Duration.ofHours(24);
    private static final Duration LEAST_HOURS = Duration.ofDays(2);
    private static final Duration TEN_SECONDS_KEPT = Duration.ofHours(1);

    public TopologyProperties {
        if (retention.compareTo(LONGEST_QUERY.plus(Level.MINUTE).plus(grace)) < 0) {
            throw new IllegalArgumentException(
                    "retention must be at least 24 h, one minute and the grace, so that a day can be queried: "
                            + retention);
        }
        if (hoursKept.compareTo(LEAST_HOURS) < 0 || hoursKept.compareTo(retention.plus(Level.HOUR)) < 0) {
            throw new IllegalArgumentException(
                    "hoursKept must be at least two days, and an hour more than retention: " + hoursKept);
        }
        if (daysKept.compareTo(hoursKept) < 0 || daysKept.compareTo(retention.plus(Level.DAY)) < 0) {
            throw new IllegalArgumentException(
                    "daysKept must be no less than hoursKept, and a day more than retention: " + daysKept);
        }
        if (clockTolerance.compareTo(grace) > 0) {
            throw new IllegalArgumentException(
                    "clockTolerance must not exceed the grace, or one fast clock makes everyone late: "
                            + clockTolerance);
        }
        if (grace.compareTo(LONGEST_QUERY) > 0) {
            throw new IllegalArgumentException("grace must be at most a day: " + grace);
        }
        if (patternsPerTenant < 1) {
            throw new IllegalArgumentException("patternsPerTenant must be at least 1: " + patternsPerTenant);
        }
        if (patternsInAll < patternsPerTenant) {
            throw new IllegalArgumentException("patternsInAll must be at least patternsPerTenant: " + patternsInAll);
        }
    }

    /** Room for names, for one task. */
    public NameBudget newBudget() {
        return new NameBudget(patternsPerTenant, patternsInAll);
    }

    public EventTime eventTime() {
        return new EventTime(clockTolerance);
    }

    /**
     * Windows of a minute, an hour and a day. What comes late goes into all that have it for as long as those of a minute have room, 59 minutes with
     * the usual settings.
     */
    public <T extends Tally<T>> Ladder<T> factLadder(String name, TallyKind<T> kind) {
        return factLadder(name, Level.MINUTE, kind);
    }

    /**
     * Such windows of what comes in longer batches.
     *
     * @param ahead how far ahead of stream time something may be counted
     */
    public <T extends Tally<T>> Ladder<T> factLadder(String name, Duration ahead, TallyKind<T> kind) {
        Duration late = retention.minus(LONGEST_QUERY).minus(Level.MINUTE);
        return new Ladder<>(name, levels().subList(1, levels().size()), grace, late, ahead, kind);
    }

    /** Ten seconds, a minute, an hour and a day. */
    public List<Level> levels() {
        return List.of(
                new Level("10s", Level.TEN_SECONDS, TEN_SECONDS_KEPT.plus(grace)),
                new Level("1m", Level.MINUTE, retention),
                new Level("1h", Level.HOUR, hoursKept),
                new Level("1d", Level.DAY, daysKept));
    }
}
