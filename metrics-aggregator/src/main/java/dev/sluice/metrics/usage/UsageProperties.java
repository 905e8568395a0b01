package dev.sluice.metrics.usage;

import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long usage can be queried.
 *
 * @param minutesKept how long by the minute; at least a day
 * @param daysKept how long by the day and month; at least 62 days, which hold a whole month at any time
 */
@ConfigurationProperties("sluice.metrics.usage")
public record UsageProperties(
        @DefaultValue("48h") Duration minutesKept,
        @DefaultValue("400d") Duration daysKept) {
    /** Nobody asks for windows of limits that are over; gateways that were cut off may still tell of them. */
    private static final Duration WINDOWS_KEPT = Duration.ofHours(1);

    private static final Duration LEAST_MINUTES = Duration.ofDays(1);
    private static final Duration LEAST_DAYS = Duration.ofDays(62);

    public UsageProperties {
        if (minutesKept.compareTo(LEAST_MINUTES) < 0) {
            throw new IllegalArgumentException(
                    "sluice.metrics.usage.minutes-kept must be at least a day: " + minutesKept);
        }
        if (daysKept.compareTo(LEAST_DAYS) < 0) {
            throw new IllegalArgumentException("sluice.metrics.usage.days-kept must be at least 62 days: " + daysKept);
        }
    }

    public Duration kept(UsageScale scale) {
        return switch (scale) {
            case MINUTES -> minutesKept;
            case DAYS -> daysKept;
            case HOUR_OF_LIMIT, DAY_OF_LIMIT, MONTH_OF_LIMIT -> WINDOWS_KEPT;
        };
    }

    /** A page goes as a whole, when all of it is too old. */
    boolean isOver(UsageKey key, Instant now) {
        return key.scale().endOf(key.page()).isBefore(now.minus(kept(key.scale())));
    }
}
