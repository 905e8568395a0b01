package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.health.HealthProperties;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.traffic.RouteTally;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RouteAnswersTest {
    private static final TrafficHealthRules RULES =
            new TrafficHealthRules(HealthProperties.usual().requests());
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final Period PERIOD = new Period("PT1H", NOW.minusSeconds(3600), NOW);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void theMetricsHaveTheNamesThatMonitoringExpects() {
        JsonNode answer =
                JSON.valueToTree(RouteAnswers.Metrics.of(RULES, PERIOD, null, new NamedStats<>(RouteTally.KIND), 10));
        assertThat(answer.propertyNames())
                .contains(
                        "status",
                        "warnings",
                        "timestamp",
                        "total_requests",
                        "total_errors",
                        "average_duration_ms",
                        "endpoints",
                        "recent_errors");
        assertThat(answer.get("status").asString()).isEqualTo("healthy");
        assertThat(answer.get("average_duration_ms").isNull()).isTrue();
    }

    @Test
    void anEndpointHasTheFiguresThatAPatternHas() {
        NamedStats<RouteTally> stats = new NamedStats<>(RouteTally.KIND);
        stats.add("shop", new RouteTally());
        JsonNode endpoint = JSON.valueToTree(RouteAnswers.Endpoints.of(PERIOD, null, stats, 10))
                .get("endpoints")
                .get(0);
        assertThat(endpoint.propertyNames())
                .contains(
                        "endpoint",
                        "total_requests",
                        "cache_hits",
                        "cache_misses",
                        "hit_rate",
                        "miss_rate",
                        "avg_response_time_ms",
                        "p50_response_time_ms",
                        "p95_response_time_ms",
                        "p99_response_time_ms");
    }

    @Test
    void prometheusGetsAGaugeForEachEndpointAndNoneWhereNothingIsKnown() {
        NamedStats<RouteTally> stats = new NamedStats<>(RouteTally.KIND);
        stats.add("a\"b\\c\nd", new RouteTally());
        String text = PrometheusText.of(RouteAnswers.Metrics.of(RULES, PERIOD, null, stats, 10));
        assertThat(text)
                .contains("# TYPE sluice_window_requests gauge\n")
                .contains("sluice_window_requests{endpoint=\"a\\\"b\\\\c\\nd\"} 0.0\n")
                .doesNotContain("sluice_window_duration_avg_ms{");
    }

    @Test
    void whatAnotherInstanceSendsAddsUp() {
        NamedStats<RouteTally> here = new NamedStats<>(RouteTally.KIND);
        here.add("shop", new RouteTally());
        NamedStats<RouteTally> there = new NamedStats<>(RouteTally.KIND);
        there.add("séarch", new RouteTally());
        assertThat(here.plus(NamedStats.decode(RouteTally.KIND, there.encode()))
                        .byName()
                        .keySet())
                .containsExactly("shop", "séarch");
    }
}
