package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import org.jspecify.annotations.Nullable;

/**
 * The requests to a route. Rates are shares from 0 to 1, times milliseconds; without requests the rates are 0 and the times null.
 *
 * @param cache_hits answered by the response cache, without the upstream
 * @param cache_misses for which the upstream was asked
 * @param hit_rate of those two together
 * @param total_errors answered 5xx
 * @param slow_requests that took two seconds or longer
 * @param very_slow_requests that took five seconds or longer
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record RouteFigures(
        long total_requests,
        long cache_hits,
        long cache_misses,
        double hit_rate,
        double miss_rate,
        @Nullable Double avg_response_time_ms,
        @Nullable Double p50_response_time_ms,
        @Nullable Double p95_response_time_ms,
        @Nullable Double p99_response_time_ms,
        @Nullable Double p999_response_time_ms,
        long total_errors,
        double error_rate,
        long client_errors,
        long limited_requests,
        long slow_requests,
        long very_slow_requests,
        long request_bytes,
        long response_bytes) {
    static RouteFigures of(RouteTally tally) {
        LatencySummary latency = tally.latency().summarize();
        long requests = tally.count(Count.REQUESTS);
        long hits = tally.count(Count.KEPT);
        long misses = tally.count(Count.MISSED);
        return new RouteFigures(
                requests,
                hits,
                misses,
                NamedFigures.share(hits, hits + misses),
                NamedFigures.share(misses, hits + misses),
                NamedFigures.millis(latency, LatencySummary::averageNanos),
                NamedFigures.millis(latency, LatencySummary::p50Nanos),
                NamedFigures.millis(latency, LatencySummary::p95Nanos),
                NamedFigures.millis(latency, LatencySummary::p99Nanos),
                NamedFigures.millis(latency, LatencySummary::p999Nanos),
                tally.count(Count.SERVER_ERRORS),
                NamedFigures.share(tally.count(Count.SERVER_ERRORS), requests),
                tally.count(Count.CLIENT_ERRORS),
                tally.count(Count.LIMITED),
                tally.count(Count.SLOW),
                tally.count(Count.VERY_SLOW),
                tally.count(Count.REQUEST_BYTES),
                tally.count(Count.RESPONSE_BYTES));
    }
}
