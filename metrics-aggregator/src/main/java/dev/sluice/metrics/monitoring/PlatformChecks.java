package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.streams.StreamsStatus;
import dev.sluice.platform.telemetry.health.HealthCheck;
import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What the aggregator watches of itself. */
final class PlatformChecks {
    /** Kafka is asked every second. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration MOST_BEHIND = Duration.ofSeconds(60);

    private PlatformChecks() {}

    static HealthCheck kafka(FreshnessMonitor monitor, String topic, InstantSource clock) {
        return HealthCheck.of("kafka", Weight.CRITICAL, () -> {
            Optional<Instant> answered = monitor.latest(topic).map(Freshness::measuredAt);
            if (answered.isEmpty()) {
                return Finding.failing("Kafka has not answered yet");
            }
            Duration ago = Duration.between(answered.get(), clock.instant());
            return ago.compareTo(SILENCE) > 0
                    ? Finding.failing("Kafka has not answered for " + ago.toSeconds() + " s; it should every second")
                    : Finding.well("Kafka answers");
        });
    }

    static HealthCheck windows(StreamsRunner runner) {
        return HealthCheck.of("windows", Weight.CRITICAL, () -> {
            StreamsStatus status = runner.status();
            return new Finding(status.isRunning(), status.reason());
        });
    }

    static HealthCheck lag(FreshnessMonitor monitor, String topic, InstantSource clock) {
        return HealthCheck.of("lag", Weight.SUPPORTING, () -> {
            Optional<Freshness> found = monitor.latest(topic);
            Instant completeTo = found.map(Freshness::completeTo).orElse(null);
            if (completeTo == null) {
                return Finding.failing("how far the log is counted is not known yet");
            }
            long records = found.get().lagRecords();
            long behind =
                    Math.max(0, Duration.between(completeTo, clock.instant()).toSeconds());
            String detail = "the log is counted up to %d s ago, but for %d records; it should be at most %d s"
                    .formatted(behind, records, MOST_BEHIND.toSeconds());
            return new Finding(behind <= MOST_BEHIND.toSeconds(), detail);
        });
    }
}
