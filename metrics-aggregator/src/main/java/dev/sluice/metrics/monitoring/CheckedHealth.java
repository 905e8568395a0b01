package dev.sluice.metrics.monitoring;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.metrics.monitoring.InstanceReports.Heard;
import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import dev.sluice.record.HealthReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of all instances found: one critical failure makes the whole unhealthy, another one degraded. What a silent instance found last
 * is unknown; that is a failure too, but not a critical one while another instance of its service reports. A service that must be there and of which no
 * instance is known fails critically.
 *
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param services by name
 * @param checks by service, instance and name, with slashes between
 */
record CheckedHealth(
        String status, Instant timestamp, Map<String, ServiceHealth> services, Map<String, Checked> checks) {

    private static final double NANOS_PER_MILLI = 1e6;

    /** The name in place of a check's when nobody reports any. */
    private static final String REPORTS = "reports";

    /**
     * What one check found.
     *
     * @param instance null when no instance is known
     * @param status {@code healthy}, {@code unhealthy} or {@code unknown}
     * @param checked_at when, by the clock of its instance; null when never
     */
    record Checked(
            String service,
            @Nullable String instance,
            String check,
            String status,
            double response_time_ms,
            boolean critical,
            String detail,
            @Nullable Instant checked_at,
            @JsonIgnore Verdict verdict) {

        boolean passes() {
            return verdict == Verdict.HEALTHY;
        }
    }

    /**
     * A service.
     *
     * @param instances that report
     * @param silent that did, and neither do any more nor said farewell
     */
    record ServiceHealth(String status, int instances, int silent) {}

    /** The whole alone. */
    record Summary(String status, Instant timestamp, Map<String, String> services, List<String> failing) {}

    /** What a finding means for the whole; worse ones come later. */
    enum Verdict {
        HEALTHY("healthy"),
        DEGRADED("degraded"),
        UNHEALTHY("unhealthy");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        private static Verdict failing(boolean critical) {
            return critical ? UNHEALTHY : DEGRADED;
        }

        private static Verdict worst(Collection<Checked> checks) {
            return checks.stream().map(Checked::verdict).max(Verdict::compareTo).orElse(HEALTHY);
        }
    }

    /** @param expected services of which at least one instance must report */
    static CheckedHealth of(Collection<Heard> reports, Collection<String> expected, Instant now) {
        Map<String, Checked> checks = new TreeMap<>();
        Map<String, ServiceHealth> services = new TreeMap<>();
        Set<String> names = new TreeSet<>(expected);
        reports.forEach(heard -> names.add(heard.report().getService()));
        for (String service : names) {
            List<Heard> instances = reports.stream()
                    .filter(heard -> heard.report().getService().equals(service))
                    .toList();
            Map<String, Checked> found = checksOf(service, instances, now);
            int silent = (int)
                    instances.stream().filter(heard -> heard.isSilent(now)).count();
            services.put(
                    service, new ServiceHealth(Verdict.worst(found.values()).word, instances.size() - silent, silent));
            checks.putAll(found);
        }
        return new CheckedHealth(Verdict.worst(checks.values()).word, now, services, checks);
    }

    Summary summary() {
        Map<String, String> statuses = new TreeMap<>();
        services.forEach((name, service) -> statuses.put(name, service.status()));
        return new Summary(
                status,
                timestamp,
                statuses,
                checks.entrySet().stream()
                        .filter(check -> !check.getValue().passes())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Map<String, Checked> checksOf(String service, List<Heard> instances, Instant now) {
        Map<String, Checked> found = new TreeMap<>();
        if (instances.isEmpty()) {
            found.put(service + "/" + REPORTS, missing(service));
        }
        boolean anyReports = instances.stream().anyMatch(heard -> !heard.isSilent(now));
        for (Heard heard : instances) {
            HealthReport report = heard.report();
            for (HealthCheckResult result : report.getChecks()) {
                found.put(
                        service + "/" + report.getInstance() + "/" + result.getName(),
                        heard.isSilent(now) ? silent(heard, result, anyReports, now) : reported(report, result));
            }
        }
        return found;
    }

    private static Checked reported(HealthReport report, HealthCheckResult result) {
        boolean well = result.getStatus() == CheckStatus.HEALTHY;
        String status = switch (result.getStatus()) {
            case HEALTHY -> "healthy";
            case UNHEALTHY -> "unhealthy";
            case UNKNOWN -> "unknown";
        };
        return checked(
                report,
                result,
                status,
                result.getDetail(),
                well ? Verdict.HEALTHY : Verdict.failing(result.getCritical()));
    }

    private static Checked silent(Heard heard, HealthCheckResult result, boolean othersReport, Instant now) {
        String detail = "nothing was heard of this instance for %d s; it should be every %d s. Before, it said: %s"
                .formatted(
                        Duration.between(heard.heardAt(), now).toSeconds(),
                        Math.max(1, heard.pace().toSeconds()),
                        result.getDetail());
        return checked(
                heard.report(), result, "unknown", detail, Verdict.failing(result.getCritical() && !othersReport));
    }

    private static Checked checked(
            HealthReport report, HealthCheckResult result, String status, String detail, Verdict verdict) {
        return new Checked(
                report.getService(),
                report.getInstance(),
                result.getName(),
                status,
                result.getDurationNanos() / NANOS_PER_MILLI,
                result.getCritical(),
                detail,
                report.getAt(),
                verdict);
    }

    private static Checked missing(String service) {
        return new Checked(
                service,
                null,
                REPORTS,
                "unknown",
                0,
                true,
                "no instance reports; is it running, and does it reach Kafka?",
                null,
                Verdict.UNHEALTHY);
    }
}
