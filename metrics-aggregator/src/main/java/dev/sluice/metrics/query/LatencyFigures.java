package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.percentile.LatencySummary;
import org.jspecify.annotations.Nullable;

/** Latencies in milliseconds; null where nothing was measured. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record LatencyFigures(
        String unit,
        long count,
        @Nullable Double avg,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99) {
    private static final String UNIT = "ms";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double PARTS_OF_A_NANO = 1e6;

    static LatencyFigures of(@Nullable LatencySummary summary) {
        if (summary == null) {
            return new LatencyFigures(UNIT, 0, null, null, null, null, null, null);
        }
        return new LatencyFigures(
                UNIT,
                summary.count(),
                millis(summary.averageNanos()),
                millis((double) summary.minNanos()),
                millis((double) summary.maxNanos()),
                millis(summary.p50Nanos()),
                millis(summary.p95Nanos()),
                millis(summary.p99Nanos()));
    }

    /** Whole nanoseconds, as decimals of a millisecond; of less than that so many parts that what is within 1 % stays so. */
    static double millis(double nanos) {
        return nanos < NANOS_PER_MILLI
                ? Math.rint(nanos * PARTS_OF_A_NANO) / PARTS_OF_A_NANO / NANOS_PER_MILLI
                : Math.rint(nanos) / NANOS_PER_MILLI;
    }
}
