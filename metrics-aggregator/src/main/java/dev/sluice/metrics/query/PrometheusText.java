package dev.sluice.metrics.query;

import dev.sluice.metrics.query.RouteAnswers.Endpoint;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Figures of a window in the text format of Prometheus, version 0.0.4. They are gauges: a window slides, so they go down as well. Counters of the
 * platform, which only grow, are at the management port of each service.
 */
final class PrometheusText {
    static final String MEDIA_TYPE = "text/plain;version=0.0.4;charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    private PrometheusText() {}

    static String of(RouteAnswers.Metrics metrics) {
        PrometheusText out = new PrometheusText();
        out.metric("sluice_window_requests", "Requests of the window", metrics.endpoints(), f ->
                (double) f.total_requests());
        out.metric(
                "sluice_window_errors", "Requests answered 5xx", metrics.endpoints(), f -> (double) f.total_errors());
        out.metric("sluice_window_cache_hits", "Requests answered by the response cache", metrics.endpoints(), f ->
                (double) f.cache_hits());
        out.metric("sluice_window_cache_misses", "Requests for which the upstream was asked", metrics.endpoints(), f ->
                (double) f.cache_misses());
        out.metric("sluice_window_limited_requests", "Requests that a limit refused", metrics.endpoints(), f ->
                (double) f.limited_requests());
        out.metric(
                "sluice_window_duration_avg_ms",
                "Average duration",
                metrics.endpoints(),
                RouteFigures::avg_response_time_ms);
        out.metric(
                "sluice_window_duration_p95_ms",
                "95th percentile of the durations",
                metrics.endpoints(),
                RouteFigures::p95_response_time_ms);
        out.metric(
                "sluice_window_duration_p99_ms",
                "99th percentile of the durations",
                metrics.endpoints(),
                RouteFigures::p99_response_time_ms);
        return out.text.toString();
    }

    private void metric(
            String name, String help, List<Endpoint> endpoints, Function<RouteFigures, @Nullable Double> figure) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        for (Endpoint endpoint : endpoints) {
            Double value = figure.apply(endpoint.figures());
            if (value != null) {
                text.append(name)
                        .append("{endpoint=\"")
                        .append(escaped(endpoint.endpoint()))
                        .append("\"} ")
                        .append(String.format(Locale.ROOT, "%s", value))
                        .append('\n');
            }
        }
    }

    /** As the format asks for it. */
    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
