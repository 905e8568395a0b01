package dev.sluice.metrics.monitoring;

import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import dev.sluice.record.HealthReport;
import java.time.Instant;
import java.util.List;

/** Reports for tests. */
public final class Reports {

    private Reports() {}

    /** One every ten seconds. */
    public static HealthReport report(String service, String instance, Instant at, HealthCheckResult... checks) {
        return HealthReport.newBuilder()
                .setService(service)
                .setInstance(instance)
                .setAt(at)
                .setPaceMillis(10_000)
                .setChecks(List.of(checks))
                .build();
    }

    /** What took 2.5 ms to find. */
    public static HealthCheckResult check(String name, boolean critical, CheckStatus status) {
        return HealthCheckResult.newBuilder()
                .setName(name)
                .setCritical(critical)
                .setStatus(status)
                .setDetail("7 of at most 5")
                .setDurationNanos(2_500_000)
                .build();
    }
}
