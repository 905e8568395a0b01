package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;

import dev.sluice.gateway.tier.LimitBounds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * A quota for each minute, hour, day or month of the calendar, in UTC.
 *
 * <p>State: {@code amount} is what was used in the window that started at {@code since}. A clock that steps back over
 * the start of a window goes on counting in the later window, so that the quota is not given out twice; one that steps
 * back further is believed.
 *
 * @param quota cost units a window
 */
record CalendarWindow(Period period, long quota) implements Algorithm {

    /** The units of the calendar that have quotas. */
    enum Period {
        MINUTE(ChronoUnit.MINUTES),
        HOUR(ChronoUnit.HOURS),
        DAY(ChronoUnit.DAYS),
        MONTH(ChronoUnit.MONTHS);

        private final ChronoUnit unit;

        Period(ChronoUnit unit) {
            this.unit = unit;
        }

        /** Whether what is charged to it is put on the log: a minute is over before anything is read there. */
        boolean isOnLog() {
            return this != MINUTE;
        }

        /** The start of the window around a moment, both in microseconds. */
        long startOf(long micros) {
            ZonedDateTime moment = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
            ZonedDateTime start =
                    this == MONTH ? moment.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS) : moment.truncatedTo(unit);
            return micros(start.toInstant());
        }

        /** The start of the window after the one that starts there. */
        long endOf(long start) {
            return micros(Instant.EPOCH
                    .plus(start, ChronoUnit.MICROS)
                    .atZone(ZoneOffset.UTC)
                    .plus(1, unit)
                    .toInstant());
        }
    }

    CalendarWindow {
        if (quota < 1 || quota > LimitBounds.MAX_QUOTA) {
            throw new IllegalArgumentException("quota must be from 1 to " + LimitBounds.MAX_QUOTA + ": " + quota);
        }
    }

    static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }

    @Override
    public LimitState settle(LimitState stored, long now) {
        long start = period.startOf(now);
        boolean counts = stored.since() == start || stored.since() == period.endOf(start);
        return counts ? stored : new LimitState(0, start);
    }

    @Override
    public boolean admits(LimitState settled, long cost) {
        return cost == 0 || settled.amount() + cost <= quota;
    }

    @Override
    public LimitState charge(LimitState settled, long cost) {
        return new LimitState(settled.amount() + cost, settled.since(), settled.surplus());
    }

    @Override
    public long used(LimitState settled) {
        return settled.amount();
    }

    @Override
    public long remaining(LimitState settled) {
        return max(0, quota - settled.amount());
    }

    @Override
    public long microsUntilMore(LimitState settled, long now) {
        return settled.amount() == 0 ? 0 : expiry(settled) - now;
    }

    @Override
    public long microsUntilAdmitted(LimitState settled, long cost, long now) {
        return admits(settled, cost) ? 0 : expiry(settled) - now;
    }

    @Override
    public long windowSeconds(LimitState settled) {
        return (expiry(settled) - settled.since()) / 1_000_000;
    }

    @Override
    public long expiry(LimitState settled) {
        return period.endOf(settled.since());
    }
}
