package dev.sluice.metrics.query;

import dev.sluice.metrics.freshness.Freshness;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far the input is counted, as answers show it. */
public record FreshnessView(long lagRecords, Instant measuredAt) {
    public static @Nullable FreshnessView of(@Nullable Freshness freshness) {
        return freshness == null ? null : new FreshnessView(freshness.lagRecords(), freshness.measuredAt());
    }
}
