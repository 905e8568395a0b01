package dev.sluice.metrics.usage;

import dev.sluice.record.LimitWindow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;

/**
 * How finely something is counted, in UTC: usage by the minute and day, what limits were charged by the windows that limits
 * have. What lies close together in time lies on one page: the minutes of an hour, the days
 * of a month. A page costs little more than one of its slots would alone, so that a key that is always in use takes a
 * hundredth of the entries. A window of a limit is a page by itself, since it goes when it is over.
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
    },
    HOUR_OF_LIMIT('H', 1) {
        @Override
        long pageOf(Instant at) {
            return Math.floorDiv(at.getEpochSecond(), SECONDS_PER_HOUR);
        }

        @Override
        Instant startOf(long page, int slot) {
            return Instant.ofEpochSecond(page * SECONDS_PER_HOUR);
        }
    },
    DAY_OF_LIMIT('D', 1) {
        @Override
        long pageOf(Instant at) {
            return LocalDate.ofInstant(at, ZoneOffset.UTC).toEpochDay();
        }

        @Override
        Instant startOf(long page, int slot) {
            return LocalDate.ofEpochDay(page).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
    },
    MONTH_OF_LIMIT('M', 1) {
        @Override
        long pageOf(Instant at) {
            return DAYS.pageOf(at);
        }

        @Override
        Instant startOf(long page, int slot) {
            return DAYS.startOf(page, 0);
        }
    };

    /** Those that requests are counted by. */
    static final List<UsageScale> OF_REQUESTS = List.of(MINUTES, DAYS);

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

    int slotOf(Instant at) {
        return 0;
    }

    abstract Instant startOf(long page, int slot);

    Instant endOf(long page) {
        return startOf(page + 1, 0);
    }

    /** That of the windows of a limit; none of limits that have none or are too short to be told of. */
    static Optional<UsageScale> of(LimitWindow window) {
        return switch (window) {
            case HOUR -> Optional.of(HOUR_OF_LIMIT);
            case DAY -> Optional.of(DAY_OF_LIMIT);
            case MONTH -> Optional.of(MONTH_OF_LIMIT);
            case SECOND, MINUTE, UNKNOWN -> Optional.empty();
        };
    }

    /** What it counts; none for requests. */
    Optional<LimitWindow> limitWindow() {
        return switch (this) {
            case MINUTES, DAYS -> Optional.empty();
            case HOUR_OF_LIMIT -> Optional.of(LimitWindow.HOUR);
            case DAY_OF_LIMIT -> Optional.of(LimitWindow.DAY);
            case MONTH_OF_LIMIT -> Optional.of(LimitWindow.MONTH);
        };
    }

    static UsageScale ofCode(String code) {
        for (UsageScale scale : values()) {
            if (code.equals(String.valueOf(scale.code))) {
                return scale;
            }
        }
        throw new IllegalArgumentException("no scale has the code " + code);
    }
}
