package dev.sluice.metrics.anomaly;

import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.percentile.LatencySketch;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What is judged of something.
 *
 * @param volume reads or requests
 */
public record Figure<T extends Tally<T>>(Measure measure, ToLongFunction<T> volume, ToDoubleFunction<T> value) {
    /** Fewer reads or requests make a figure of chance. */
    public static final long LEAST_VOLUME = 100;

    private static final double NANOS_PER_MILLI = 1e6;

    /** Of a namespace of the cache. */
    public static final List<Figure<CacheTally>> OF_NAMESPACES = List.of(
            new Figure<>(Measure.HIT_RATE, CacheTally::reads, tally -> (double) tally.hits() / (double) tally.reads()),
            new Figure<>(Measure.P95_RESPONSE_TIME_MS, CacheTally::reads, tally -> p95(tally.latency())));

    /** Of a route. */
    public static final List<Figure<RouteTally>> OF_ROUTES = List.of(new Figure<>(
            Measure.P95_RESPONSE_TIME_MS, tally -> tally.count(Count.REQUESTS), tally -> p95(tally.latency())));

    /** Whether there is enough of it. */
    public boolean isKnown(T tally) {
        return volume.applyAsLong(tally) >= LEAST_VOLUME;
    }

    private static double p95(LatencySketch latency) {
        LatencySummary summary = latency.summarize();
        return summary == null ? 0 : summary.p95Nanos() / NANOS_PER_MILLI;
    }
}
