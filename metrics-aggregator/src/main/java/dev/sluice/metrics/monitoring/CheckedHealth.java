package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.monitoring.MonitoredCheck.Finding;
import dev.sluice.metrics.monitoring.MonitoredCheck.Weight;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all checks found: one critical failure makes the whole unhealthy, another one degraded.
 *
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param checks by name
 */
record CheckedHealth(String status, Instant timestamp, Map<String, Checked> checks) {
    private static final Logger log = LoggerFactory.getLogger(CheckedHealth.class);
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * What one check found.
     *
     * @param status {@code healthy} or {@code unhealthy}
     */
    record Checked(String status, double response_time_ms, boolean critical, String detail) {
        boolean isWell() {
            return status.equals("healthy");
        }
    }

    /** The whole alone. */
    record Summary(String status, Instant timestamp, List<String> failing) {}

    /** @param nanoTime what the time that a check takes is measured by */
    static CheckedHealth of(List<MonitoredCheck> checks, Instant now, LongSupplier nanoTime) {
        Map<String, Checked> found = new LinkedHashMap<>();
        checks.forEach(check -> found.put(check.name(), ask(check, nanoTime)));
        return new CheckedHealth(statusOf(found), now, found);
    }

    Summary summary() {
        return new Summary(
                status,
                timestamp,
                checks.entrySet().stream()
                        .filter(check -> !check.getValue().isWell())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Checked ask(MonitoredCheck check, LongSupplier nanoTime) {
        long before = nanoTime.getAsLong();
        Finding finding = findingOf(check);
        return new Checked(
                finding.isWell() ? "healthy" : "unhealthy",
                (nanoTime.getAsLong() - before) / NANOS_PER_MILLI,
                check.weight() == Weight.CRITICAL,
                finding.detail());
    }

    /** A check that breaks is not well, and says no more: the reason is in the log. */
    private static Finding findingOf(MonitoredCheck check) {
        try {
            return check.check();
        } catch (RuntimeException e) {
            log.warn("The check {} broke", check.name(), e);
            return Finding.failing("the check broke; the log of metrics-aggregator says how");
        }
    }

    private static String statusOf(Map<String, Checked> found) {
        if (found.values().stream().allMatch(Checked::isWell)) {
            return "healthy";
        }
        return found.values().stream().anyMatch(check -> check.critical() && !check.isWell())
                ? "unhealthy"
                : "degraded";
    }
}
