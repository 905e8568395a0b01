package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Measured;
import dev.sluice.metrics.health.HealthRule.Side;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.tally.CacheTally;
import java.time.Duration;
import java.util.List;

/**
 * Judges a cache: degraded below 50 % hits or from 50 ms on average, warning when only the 95th percentile reaches
 * 100 ms, else healthy; with other thresholds where they are configured. No reads are nothing to complain about. Pure.
 */
public final class CacheHealthRules {
    /** A read that takes this long is slow. */
    public static final long SLOW_NANOS = 100_000_000;
    /** Below this hit rate a pattern is a low performer. */
    public static final double MIN_HIT_RATE = 0.5;

    private static final double NANOS_PER_MILLI = 1e6;

    private final HealthRule p95;
    private final HealthRule average;
    private final HealthRule hitRate;

    public CacheHealthRules(HealthProperties.Cache thresholds) {
        this.p95 = new HealthRule("95th percentile", "ms", Side.BELOW, millis(thresholds.maxP95()), null);
        this.average = new HealthRule("average", "ms", Side.BELOW, null, millis(thresholds.maxAverage()));
        this.hitRate = new HealthRule("hit rate", "%", Side.AT_LEAST, null, thresholds.minHitRate() * 100);
    }

    public CacheVerdict judge(CacheTally tally) {
        return CacheVerdict.of(Measured.findings(measure(tally), 0));
    }

    CacheVerdict judge(double share, double averageMillis, double p95Millis) {
        return CacheVerdict.of(Measured.findings(measure(share, averageMillis, p95Millis), 0));
    }

    List<Measured> measure(CacheTally tally) {
        LatencySummary latency = tally.latency().summarize();
        return latency == null
                ? List.of()
                : measure(
                        (double) tally.hits() / tally.reads(),
                        latency.averageNanos() / NANOS_PER_MILLI,
                        latency.p95Nanos() / NANOS_PER_MILLI);
    }

    private List<Measured> measure(double share, double averageMillis, double p95Millis) {
        return List.of(
                new Measured(p95, p95Millis), new Measured(average, averageMillis), new Measured(hitRate, share * 100));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }
}
