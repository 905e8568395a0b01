package dev.sluice.metrics.monitoring;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose health is looked at.
 *
 * @param services those of which at least one instance must report; others are shown when they do
 * @param missed how long an instance that fell silent without a farewell is shown as unknown, before it is forgotten
 */
@ConfigurationProperties("sluice.metrics.monitoring")
record MonitoringProperties(
        @DefaultValue({"api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator"})
        List<String> services,

        @DefaultValue("10m") Duration missed) {

    /** Reports are on the log for so long. */
    private static final Duration MAX_MISSED = Duration.ofHours(1);

    MonitoringProperties {
        services = List.copyOf(services);
        if (!missed.isPositive() || missed.compareTo(MAX_MISSED) > 0) {
            throw new IllegalArgumentException(
                    "sluice.metrics.monitoring.missed must be positive and at most 1h: " + missed);
        }
    }
}
