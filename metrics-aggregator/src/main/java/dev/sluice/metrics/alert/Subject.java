package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import java.util.Locale;

/** What of a tenant is watched. The names in lower case are part of the API. */
enum Subject {
    CACHE("/api/v1/cache/health"),
    REQUESTS("/api/v1/monitoring/metrics");

    private final String source;

    Subject(String source) {
        this.source = source;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where the figures are. */
    String source() {
        return source;
    }

    /** The type of the event that tells of a verdict, such as {@code cache.health.degraded}. */
    String eventType(Status status) {
        String verdict = status == Status.HEALTHY ? "recovered" : status.name().toLowerCase(Locale.ROOT);
        return title() + ".health." + verdict;
    }

    String alertId(String tenant) {
        return title() + "|" + tenant;
    }
}
