package dev.sluice.metrics.percentile;

/** The figures of a latency distribution that was not empty, in nanoseconds; quantiles are within 1 %, the rest exact. */
public record LatencySummary(
        long count,
        double averageNanos,
        long minNanos,
        long maxNanos,
        double p50Nanos,
        double p95Nanos,
        double p99Nanos,
        double p999Nanos) {}
