package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges requests: degraded when the 95th percentile is above 5 s or 5 % are answered 5xx, warning from above 2 s or 1 %, else healthy. No requests
 * are nothing to complain about.
 */
public final class TrafficHealthRules {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A figure that should not be above its thresholds. */
    private record Rule(String name, String unit, double warning, double degraded) {
        Status judge(double measured, List<String> warnings) {
            if (measured <= warning) {
                return Status.HEALTHY;
            }
            boolean isDegraded = measured > degraded;
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s is %.1f %s; it should be at most %.0f %s",
                    name,
                    measured,
                    unit,
                    isDegraded ? degraded : warning,
                    unit));
            return isDegraded ? Status.DEGRADED : Status.WARNING;
        }
    }

    private static final Rule DURATION = new Rule("95th percentile", "s", 2, 5);
    private static final Rule ERRORS = new Rule("share of answers 5xx", "%", 1, 5);

    private TrafficHealthRules() {}

    public static CacheVerdict judge(RouteTally tally) {
        LatencySummary latency = tally.latency().summarize();
        if (latency == null) {
            return new CacheVerdict(Status.HEALTHY, List.of());
        }
        double errors = 100.0 * tally.count(Count.SERVER_ERRORS) / tally.count(Count.REQUESTS);
        return judge(latency.p95Nanos() / NANOS_PER_SECOND, errors);
    }

    static CacheVerdict judge(double p95Seconds, double errorPercent) {
        List<String> warnings = new ArrayList<>();
        Status slow = DURATION.judge(p95Seconds, warnings);
        Status failing = ERRORS.judge(errorPercent, warnings);
        return new CacheVerdict(slow.compareTo(failing) > 0 ? slow : failing, warnings);
    }
}
