package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Measured;
import dev.sluice.metrics.health.HealthRule.Side;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import java.time.Duration;
import java.util.List;

/**
 * Judges requests: degraded when the 95th percentile is above 5 s or 5 % are answered 5xx, warning from above 2 s or 1 %, else healthy; with
 * other thresholds where they are configured. No requests are nothing to complain about. Pure.
 */
public final class TrafficHealthRules {
    private static final double NANOS_PER_SECOND = 1e9;

    private final HealthRule duration;
    private final HealthRule errors;

    public TrafficHealthRules(HealthProperties.Requests thresholds) {
        this.duration = new HealthRule(
                "95th percentile", "s", Side.AT_MOST, seconds(thresholds.slow()), seconds(thresholds.verySlow()));
        this.errors = new HealthRule(
                "share of answers 5xx", "%", Side.AT_MOST, thresholds.errors() * 100, thresholds.manyErrors() * 100);
    }

    public CacheVerdict judge(RouteTally tally) {
        return CacheVerdict.of(Measured.findings(measure(tally), 0));
    }

    CacheVerdict judge(double p95Seconds, double errorPercent) {
        return CacheVerdict.of(Measured.findings(measure(p95Seconds, errorPercent), 0));
    }

    List<Measured> measure(RouteTally tally) {
        LatencySummary latency = tally.latency().summarize();
        return latency == null
                ? List.of()
                : measure(
                        latency.p95Nanos() / NANOS_PER_SECOND,
                        100.0 * tally.count(Count.SERVER_ERRORS) / tally.count(Count.REQUESTS));
    }

    private List<Measured> measure(double p95Seconds, double errorPercent) {
        return List.of(new Measured(duration, p95Seconds), new Measured(errors, errorPercent));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
