package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Usage;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears on the log what was charged to limits: what was said since the longest of their windows began, and then what comes. Nobody
 * waits for it.
 */
final class UsageListener {

    /** By how much the clock of who counts may be behind. */
    private static final Duration SKEW = Duration.ofHours(1);

    private final LogFollower follower;

    UsageListener(LogFollowers followers, LimitFloors floors, InstantSource clock, MeterRegistry meters) {
        follower = followers.followSince(
                Topics.USAGE,
                startOfLongestWindow(clock.instant()).minus(SKEW),
                record -> hear(record.value(), floors));
        Gauge.builder(
                        "sluice.limit.floors.staleness",
                        follower,
                        log -> log.staleness().toMillis() / 1_000.0)
                .description("Everything that was on the log of usage so long ago has been read, in seconds")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Whether everything was read that was there at the start. */
    boolean isReadThrough() {
        return follower.following();
    }

    static void hear(@Nullable Usage usage, LimitFloors floors) {
        // What a key used is counted beside it, and what ended is taken out.
        if (usage == null || usage.getLimit().isEmpty()) {
            return;
        }
        Period period = periodOf(usage.getWindow());
        if (period != null) {
            floors.put(
                    usage.getTenant(),
                    usage.getLimit(),
                    period,
                    ChronoUnit.MICROS.between(Instant.EPOCH, usage.getSince()),
                    usage.getPart(),
                    usage.getCharged());
        }
    }

    private static @Nullable Period periodOf(LimitWindow window) {
        return switch (window) {
            case HOUR -> Period.HOUR;
            case DAY -> Period.DAY;
            case MONTH -> Period.MONTH;
            case SECOND, MINUTE, UNKNOWN -> null;
        };
    }

    private static Instant startOfLongestWindow(Instant now) {
        return Instant.EPOCH.plus(Period.MONTH.startOf(CalendarWindow.micros(now)), ChronoUnit.MICROS);
    }
}
