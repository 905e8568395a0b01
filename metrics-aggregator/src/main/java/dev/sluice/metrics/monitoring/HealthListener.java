package dev.sluice.metrics.monitoring;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.HealthReport;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Hears what all instances report, and what they reported before its start. */
final class HealthListener {

    private final InstantSource clock;
    private volatile @Nullable LogFollower follower;

    HealthListener(LogFollowers followers, InstanceReports reports, Duration memory, InstantSource clock) {
        this.clock = clock;
        this.follower = followers.<HealthReport>followSince(
                Topics.HEALTH,
                clock.instant().minus(memory),
                record -> reports.heard(record.key(), record.value(), heardAt(record.timestamp())));
    }

    /** What was there before the start was heard then, and not now. */
    private Instant heardAt(long writtenMillis) {
        Instant now = clock.instant();
        LogFollower started = follower;
        if (started != null && started.following()) {
            return now;
        }
        Instant written = Instant.ofEpochMilli(writtenMillis);
        return written.isBefore(now) ? written : now;
    }
}
