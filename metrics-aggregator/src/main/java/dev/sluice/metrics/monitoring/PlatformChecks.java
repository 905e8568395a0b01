package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.monitoring.MonitoredCheck.Finding;
import dev.sluice.metrics.monitoring.MonitoredCheck.Weight;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.streams.StreamsStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** What the aggregator watches of itself. */
final class PlatformChecks {
    /** Kafka is asked every second. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration MOST_BEHIND = Duration.ofSeconds(60);
    private static final long LEAST_DISK_BYTES = 512L * 1024 * 1024;
    private static final double MOST_MEMORY = 0.95;

    private PlatformChecks() {}

    private record Check(String name, Weight weight, Supplier<Finding> found) implements MonitoredCheck {
        @Override
        public Finding check() {
            return found.get();
        }
    }

    static MonitoredCheck kafka(FreshnessMonitor monitor, String topic, InstantSource clock) {
        return new Check("kafka", Weight.CRITICAL, () -> {
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

    static MonitoredCheck windows(StreamsRunner runner) {
        return new Check("windows", Weight.CRITICAL, () -> {
            StreamsStatus status = runner.status();
            return new Finding(status.isRunning(), status.reason());
        });
    }

    static MonitoredCheck lag(FreshnessMonitor monitor, String topic, InstantSource clock) {
        return new Check("lag", Weight.SUPPORTING, () -> {
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

    static MonitoredCheck disk(Path folder) {
        return new Check("disk", Weight.SUPPORTING, () -> {
            long free = usableBytes(folder);
            String detail = "%d MB are free; it should be at least %d MB".formatted(free >> 20, LEAST_DISK_BYTES >> 20);
            return new Finding(free >= LEAST_DISK_BYTES, detail);
        });
    }

    static MonitoredCheck memory(Runtime runtime) {
        return new Check("memory", Weight.SUPPORTING, () -> {
            double used = (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
            String detail = "%.0f %% of the heap are in use; it should be at most %.0f %%"
                    .formatted(used * 100, MOST_MEMORY * 100);
            return new Finding(used <= MOST_MEMORY, detail);
        });
    }

    private static long usableBytes(Path folder) {
        try {
            Path existing = folder;
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
