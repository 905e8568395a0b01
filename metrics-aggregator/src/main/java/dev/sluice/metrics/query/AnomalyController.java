package dev.sluice.metrics.query;

import dev.sluice.metrics.anomaly.Baseline;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.query.AnomalyAnswers.Found;
import dev.sluice.metrics.query.NamedHoursQuestion.Source;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers which of a tenant's namespaces and routes are not as they usually are at this hour. */
@RestController
class AnomalyController {
    private static final String CACHE_PATH = "/internal/v1/cache/hours";
    private static final String ROUTES_PATH = "/internal/v1/requests/hours";

    private final Source<CacheTally> namespaces;
    private final Source<RouteTally> routes;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    AnomalyController(
            LadderReader<CacheTally> cacheWindows,
            LadderReader<RouteTally> routeWindows,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.namespaces = new Source<>(
                cacheWindows,
                CACHE_PATH,
                CacheDimension::rangeOf,
                key -> CacheDimension.ofStoreKey(key).namespace());
        this.routes = new Source<>(
                routeWindows,
                ROUTES_PATH,
                NamedDimension::rangeOf,
                key -> NamedDimension.ofStoreKey(key).name());
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    @GetMapping(path = "/api/v1/monitoring/anomalies", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<AnomalyAnswers> anomalies(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        String tenant = Identity.of(exchange).tenant();
        Instant asOf = freshness
                .latest(CacheStatsTopology.inputTopic())
                .map(Freshness::completeTo)
                .orElse(null);
        Instant running = clock.instant().truncatedTo(ChronoUnit.HOURS);
        List<Instant> judged = List.of(running.minus(Level.HOUR), running);
        Set<Instant> hours = new TreeSet<>(judged);
        judged.forEach(hour -> hours.addAll(Baseline.hoursBefore(hour)));
        return Mono.zip(
                        answers.answer(new NamedHoursQuestion<>(namespaces, tenant, hours)),
                        answers.answer(new NamedHoursQuestion<>(routes, tenant, hours)))
                .map(counted -> {
                    Found found = new Found();
                    AnomalyAnswers.judge("namespace", counted.getT1(), Figure.OF_NAMESPACES, judged, found);
                    AnomalyAnswers.judge("route", counted.getT2(), Figure.OF_ROUTES, judged, found);
                    return found.answer(asOf, judged);
                });
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = CACHE_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> shareOfNamespaces(ServerWebExchange exchange) {
        return share(namespaces, exchange);
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = ROUTES_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> shareOfRoutes(ServerWebExchange exchange) {
        return share(routes, exchange);
    }

    private <T extends Tally<T>> Mono<byte[]> share(Source<T> source, ServerWebExchange exchange) {
        PeerCall call =
                PeerCall.of(exchange, StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "hours"));
        NamedHoursQuestion<T> question = NamedHoursQuestion.of(source, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
