package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.health.CacheVerdict;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The shapes of the answers about requests. */
final class RouteAnswers {
    private static final int RECENT_ERRORS = 20;

    private RouteAnswers() {}

    /** One route: the id of a customer's, or the template of a path of the platform's own. */
    record Endpoint(String endpoint, @JsonUnwrapped RouteFigures figures) {
        static List<Endpoint> of(NamedStats<RouteTally> stats) {
            List<Endpoint> endpoints = new ArrayList<>();
            stats.byName().forEach((route, tally) -> endpoints.add(new Endpoint(route, RouteFigures.of(tally))));
            endpoints.sort(Comparator.comparingLong(
                            (Endpoint endpoint) -> endpoint.figures().total_requests())
                    .reversed());
            return endpoints;
        }
    }

    /** Requests by route, most asked first. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Endpoints(
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            int total,
            List<Endpoint> endpoints) {
        static Endpoints of(Period period, @Nullable Freshness freshness, NamedStats<RouteTally> stats, int limit) {
            List<Endpoint> endpoints = Endpoint.of(stats);
            return new Endpoints(
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    endpoints.size(),
                    endpoints.stream().limit(limit).toList());
        }
    }

    /**
     * The last 5xx of a route, and how many there were.
     *
     * @param count of them in the period
     */
    record RecentError(String endpoint, int status, long count, Instant last_at) {
        static List<RecentError> of(NamedStats<RouteTally> stats) {
            List<RecentError> errors = new ArrayList<>();
            stats.byName().forEach((route, tally) -> {
                if (tally.count(Count.SERVER_ERRORS) > 0) {
                    errors.add(new RecentError(
                            route,
                            tally.lastErrorStatus(),
                            tally.count(Count.SERVER_ERRORS),
                            Instant.ofEpochMilli(tally.lastErrorMillis())));
                }
            });
            errors.sort(Comparator.comparing(RecentError::last_at).reversed());
            return errors.stream().limit(RECENT_ERRORS).toList();
        }
    }

    /** All requests of a tenant, or of everybody, and what the rules say about them. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Metrics(
            String status,
            List<String> warnings,
            Instant timestamp,
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            @Nullable Double average_duration_ms,
            @JsonUnwrapped RouteFigures figures,
            List<Endpoint> endpoints,
            List<RecentError> recent_errors) {
        static Metrics of(
                TrafficHealthRules rules,
                Period period,
                @Nullable Freshness freshness,
                NamedStats<RouteTally> stats,
                int limit) {
            RouteTally total = stats.total();
            CacheVerdict verdict = rules.judge(total);
            return new Metrics(
                    verdict.status().name().toLowerCase(Locale.ROOT),
                    verdict.warnings(),
                    period.to(),
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    NamedFigures.millis(total.latency().summarize(), LatencySummary::averageNanos),
                    RouteFigures.of(total),
                    Endpoint.of(stats).stream().limit(limit).toList(),
                    RecentError.of(stats));
        }
    }
}
