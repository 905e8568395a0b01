package dev.sluice.metrics.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/**
 * How finely usage is counted, in UTC. What lies close together in time lies on one page: the minutes of an hour, the days
 * of a month. A page costs little more than one of its slots would alone, so that a key that is always in use takes a
 * hundredth of the entries.
 */
public enum UsageScale {
    MINUTES('h', 60) {
        @Override
        long pageOf(Instant at) {
            return Math.floorDiv(at.getEpochSecond(), SECONDS_PER_HOUR);
        }

        @Override
        int slotOf(Instant at) {
            return (int) (Math.floorMod(at.getEpochSecond(), SECONDS_PER_HOUR) / 60);
        }

        @Override
        Instant startOf(long page, int slot) {
            return Instant.ofEpochSecond(page * SECONDS_PER_HOUR + slot * 60L);
        }

        @Override
        Instant endOf(long page) {
            return startOf(page + 1, 0);
        }
    },
    DAYS('m', 31) {
        @Override
        long pageOf(Instant at) {
            return dateOf(at).getLong(ChronoField.PROLEPTIC_MONTH);
        }

        @Override
        int slotOf(Instant at) {
            return dateOf(at).getDayOfMonth() - 1;
        }

        @Override
        Instant startOf(long page, int slot) {
            return firstOf(page).plusDays(slot).atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        @Override
        Instant endOf(long page) {
            return firstOf(page).plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        private LocalDate dateOf(Instant at) {
            return LocalDate.ofInstant(at, ZoneOffset.UTC);
        }

        private LocalDate firstOf(long page) {
            return LocalDate.of(Math.toIntExact(page / 12), Math.toIntExact(page % 12) + 1, 1);
        }
    };

    private static final long SECONDS_PER_HOUR = 3600;

    private final char code;
    private final int slots;

    UsageScale(char code, int slots) {
        this.code = code;
        this.slots = slots;
    }

    /** What store keys hold, so it never changes. */
    char code() {
        return code;
    }

    int slots() {
        return slots;
    }

    abstract long pageOf(Instant at);

    abstract int slotOf(Instant at);

    abstract Instant startOf(long page, int slot);

    abstract Instant endOf(long page);

    static UsageScale ofCode(String code) {
        for (UsageScale scale : values()) {
            if (code.equals(String.valueOf(scale.code))) {
                return scale;
            }
        }
        throw new IllegalArgumentException("no scale has the code " + code);
    }
}
