package dev.sluice.metrics.monitoring;

import dev.sluice.record.HealthReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each instance reported last. Who says farewell is forgotten at once, who falls silent after a while. Bounded; thread-safe.
 */
final class InstanceReports {

    /** So many paces without a report, and what was found last says nothing any more. */
    private static final int PACES = 3;

    /** Whatever a report says: one that promises a report a day must not hide for so long that nothing comes. */
    private static final Duration MAX_PACE = Duration.ofMinutes(1);

    private static final Duration MIN_PACE = Duration.ofMillis(100);

    private final int maxInstances;
    private final Duration memory;
    private final Map<String, Heard> byKey = new TreeMap<>();

    /**
     * A report.
     *
     * @param heardAt by this instance's clock, since those of others may be wrong
     */
    record Heard(HealthReport report, Instant heardAt) {

        boolean isSilent(Instant now) {
            return Duration.between(heardAt, now).compareTo(pace().multipliedBy(PACES)) > 0;
        }

        Duration pace() {
            Duration pace = Duration.ofMillis(Math.clamp(report.getPaceMillis(), 0, MAX_PACE.toMillis()));
            return pace.compareTo(MIN_PACE) < 0 ? MIN_PACE : pace;
        }
    }

    /** @param memory for how long a silent instance is missed */
    InstanceReports(int maxInstances, Duration memory) {
        this.maxInstances = maxInstances;
        this.memory = memory;
    }

    /** @param report null when the instance said farewell */
    synchronized void heard(String key, @Nullable HealthReport report, Instant at) {
        if (report == null) {
            byKey.remove(key);
            return;
        }
        byKey.put(key, new Heard(report, at));
        forget(at);
        if (byKey.size() > maxInstances) {
            byKey.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getValue().heardAt()))
                    .map(Map.Entry::getKey)
                    .ifPresent(byKey::remove);
        }
    }

    /** Those that are not forgotten, by service and instance. */
    synchronized List<Heard> list(Instant now) {
        forget(now);
        return new ArrayList<>(byKey.values());
    }

    private void forget(Instant now) {
        byKey.values().removeIf(heard -> Duration.between(heard.heardAt(), now).compareTo(memory) > 0);
    }
}
