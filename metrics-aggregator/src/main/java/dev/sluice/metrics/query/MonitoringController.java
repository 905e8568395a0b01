package dev.sluice.metrics.query;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers how requests were answered: a tenant's own, or with the scope admin those of any tenant and of all. */
@RestController
class MonitoringController {
    private static final int DEFAULT_ENDPOINTS = 100;
    private static final int MAX_ENDPOINTS = 1000;
    private static final String PROMETHEUS = "prometheus";
    private static final String METRICS = "/api/v1/monitoring/metrics";

    private final LadderReader<RouteTally> windows;
    private final PartitionAnswers answers;
    private final TrafficHealthRules rules;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    MonitoringController(
            LadderReader<RouteTally> windows,
            PartitionAnswers answers,
            TrafficHealthRules rules,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.windows = windows;
        this.answers = answers;
        this.rules = rules;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** Shapes what was read. */
    private interface Shape<T> {
        T of(Period period, @Nullable Freshness freshness, NamedStats<RouteTally> stats, int limit);
    }

    @GetMapping(path = "/api/v1/cache/stats/endpoints", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<RouteAnswers.Endpoints> endpoints(ServerWebExchange exchange) {
        return answer(
                exchange,
                StrictQuery.of(exchange.getRequest()).only("window", "tenant", "limit"),
                RouteAnswers.Endpoints::of);
    }

    @GetMapping(path = METRICS, params = "format!=" + PROMETHEUS, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<RouteAnswers.Metrics> metrics(ServerWebExchange exchange) {
        return metrics(exchange, format(exchange));
    }

    /** For whoever says so in the query or, without a word there, in {@code Accept}, as Prometheus itself does. */
    @GetMapping(path = METRICS, params = "format!=json", produces = PrometheusText.MEDIA_TYPE)
    Mono<String> prometheus(ServerWebExchange exchange) {
        return metrics(exchange, format(exchange)).map(PrometheusText::of);
    }

    private Mono<RouteAnswers.Metrics> metrics(ServerWebExchange exchange, StrictQuery query) {
        return answer(
                exchange,
                query,
                (period, counted, stats, limit) -> RouteAnswers.Metrics.of(rules, period, counted, stats, limit));
    }

    private static StrictQuery format(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "tenant", "limit", "format");
        String format = query.text("format").orElse("json");
        if (!format.equals("json") && !format.equals(PROMETHEUS)) {
            throw QueryParameters.invalid("format", "Send json or prometheus, or leave it out for json.");
        }
        return query;
    }

    private <T> Mono<T> answer(ServerWebExchange exchange, StrictQuery query, Shape<T> shape) {
        String tenant = QueryParameters.tenant(query, Identity.of(exchange));
        int limit = query.number("limit", 1, MAX_ENDPOINTS).orElse(DEFAULT_ENDPOINTS);
        Period period = QueryParameters.period(query, clock.instant());
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(UsageTopology.inputTopic()).orElse(null);
        return answers.answer(new NamedStatsQuestion<>(
                        windows, NamedStatsQuestion.REQUESTS_PATH, tenant, period.from(), period.to()))
                .map(stats -> shape.of(period, counted, stats, limit));
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = NamedStatsQuestion.REQUESTS_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to");
        PeerCall call = PeerCall.of(exchange, query);
        NamedStatsQuestion<RouteTally> question =
                NamedStatsQuestion.of(windows, NamedStatsQuestion.REQUESTS_PATH, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
