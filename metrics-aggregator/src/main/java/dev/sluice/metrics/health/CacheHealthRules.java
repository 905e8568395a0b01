package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.tally.CacheTally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges a cache: degraded below 50 % hits or from 50 ms on average, warning when only the 95th percentile reaches
 * 100 ms, else healthy. No reads are nothing to complain about.
 */
public final class CacheHealthRules {
    /** A read that takes this long is slow. */
    public static final long SLOW_NANOS = 100_000_000;

    /** Least share of reads that should be answered from the cache. */
    public static final double MIN_HIT_RATE = 0.5;

    static final double MAX_AVERAGE_MILLIS = 50;
    static final double MAX_P95_MILLIS = 100;
    private static final double NANOS_PER_MILLI = 1e6;

    private CacheHealthRules() {}

    public static CacheVerdict judge(CacheTally tally) {
        LatencySummary latency = tally.latency().summarize();
        if (latency == null) {
            return new CacheVerdict(Status.HEALTHY, List.of());
        }
        return judge(
                (double) tally.hits() / tally.reads(),
                latency.averageNanos() / NANOS_PER_MILLI,
                latency.p95Nanos() / NANOS_PER_MILLI);
    }

    static CacheVerdict judge(double hitRate, double averageMillis, double p95Millis) {
        List<String> warnings = new ArrayList<>();
        Status status = Status.HEALTHY;
        if (p95Millis >= MAX_P95_MILLIS) {
            warnings.add(sentence("95th percentile is %.1f ms; it should be below %.0f ms", p95Millis, MAX_P95_MILLIS));
            status = Status.WARNING;
        }
        if (averageMillis >= MAX_AVERAGE_MILLIS) {
            warnings.add(sentence("average is %.1f ms; it should be below %.0f ms", averageMillis, MAX_AVERAGE_MILLIS));
            status = Status.DEGRADED;
        }
        if (hitRate < MIN_HIT_RATE) {
            warnings.add(
                    sentence("hit rate is %.1f %%; it should be at least %.0f %%", hitRate * 100, MIN_HIT_RATE * 100));
            status = Status.DEGRADED;
        }
        return new CacheVerdict(status, warnings);
    }

    private static String sentence(String format, double measured, double threshold) {
        return String.format(Locale.ROOT, format, measured, threshold);
    }
}
