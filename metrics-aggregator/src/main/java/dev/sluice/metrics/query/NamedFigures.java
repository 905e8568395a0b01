package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadOutcome;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A tally under the names that monitoring tools expect. Rates are shares from 0 to 1, times milliseconds; without reads the rates are 0
 * and the times null.
 *
 * @param slow_requests reads that took 100 ms or more, to 1 % of that
 * @param distinct_keys an estimate, with a standard error of 3.4 %
 * @param cold_misses these five are why reads missed, and add up to the misses: see {@link MissCause}
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record NamedFigures(
        long total_requests,
        long cache_hits,
        long cache_misses,
        double hit_rate,
        double miss_rate,
        double error_rate,
        @Nullable Double avg_response_time_ms,
        @Nullable Double p50_response_time_ms,
        @Nullable Double p95_response_time_ms,
        @Nullable Double p99_response_time_ms,
        @Nullable Double p999_response_time_ms,
        long slow_requests,
        long distinct_keys,
        long cold_misses,
        long expired_misses,
        long evicted_misses,
        long invalidated_misses,
        long unexplained_misses) {
    /** In the order of the components. */
    static final List<String> NAMES = Arrays.stream(NamedFigures.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    /** In the order of {@link #NAMES}; empty where nothing is known. */
    List<String> texts() {
        return List.of(
                text(total_requests),
                text(cache_hits),
                text(cache_misses),
                text(hit_rate),
                text(miss_rate),
                text(error_rate),
                text(avg_response_time_ms),
                text(p50_response_time_ms),
                text(p95_response_time_ms),
                text(p99_response_time_ms),
                text(p999_response_time_ms),
                text(slow_requests),
                text(distinct_keys),
                text(cold_misses),
                text(expired_misses),
                text(evicted_misses),
                text(invalidated_misses),
                text(unexplained_misses));
    }

    private static String text(@Nullable Number figure) {
        return figure == null ? "" : figure.toString();
    }

    static NamedFigures of(CacheTally tally) {
        LatencySummary latency = tally.latency().summarize();
        long reads = tally.reads();
        return new NamedFigures(
                reads,
                tally.hits(),
                tally.misses(),
                share(tally.hits(), reads),
                share(tally.misses(), reads),
                share(tally.count(ReadOutcome.ERROR), reads),
                millis(latency, LatencySummary::averageNanos),
                millis(latency, LatencySummary::p50Nanos),
                millis(latency, LatencySummary::p95Nanos),
                millis(latency, LatencySummary::p99Nanos),
                millis(latency, LatencySummary::p999Nanos),
                tally.latency().countFrom(CacheHealthRules.SLOW_NANOS),
                tally.keys().estimate(),
                tally.count(MissCause.COLD),
                tally.count(MissCause.EXPIRED),
                tally.count(MissCause.EVICTED),
                tally.count(MissCause.INVALIDATED),
                tally.count(MissCause.UNEXPLAINED));
    }

    static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }

    static @Nullable Double millis(@Nullable LatencySummary latency, ToDoubleFunction<LatencySummary> figure) {
        return latency == null ? null : LatencyFigures.millis(figure.applyAsDouble(latency));
    }
}
