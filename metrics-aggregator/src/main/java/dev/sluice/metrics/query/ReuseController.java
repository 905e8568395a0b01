package dev.sluice.metrics.query;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers what a larger first level or a longer TTL would bring a tenant's namespace. */
@RestController
class ReuseController {
    private final LadderReader<ReuseTally> windows;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    ReuseController(
            LadderReader<ReuseTally> windows,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.windows = windows;
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** Shapes what was read of one namespace, and of those that are not kept apart. */
    private interface Shape<T> {
        T of(
                Period period,
                @Nullable Freshness freshness,
                String namespace,
                List<ReuseTally> partitions,
                ReuseTally others);
    }

    @GetMapping(path = "/api/v1/cache/stats/miss-ratio-curve", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<MissRatioAnswer> missRatioCurve(ServerWebExchange exchange) {
        return answer(exchange, MissRatioAnswer::of);
    }

    @GetMapping(path = "/api/v1/cache/stats/ttl-advice", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<TtlAdviceAnswer> ttlAdvice(ServerWebExchange exchange) {
        return answer(exchange, TtlAdviceAnswer::of);
    }

    private <T> Mono<T> answer(ServerWebExchange exchange, Shape<T> shape) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("namespace", "window");
        String namespace = QueryParameters.namespace(query);
        if (namespace == null) {
            throw QueryParameters.invalid("namespace", "Name the cache namespace that the answer is to be about.");
        }
        ReuseQuestion question = ReuseQuestion.of(query, Identity.of(exchange).tenant(), clock.instant());
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(CacheStatsTopology.inputTopic()).orElse(null);
        Period period =
                new Period(question.length().toString(), question.range().from(), question.now());
        return answers.answer(question.asked(windows)).map(series -> {
            Map<String, List<ReuseTally>> found = ReuseQuestion.byNamespace(series);
            ReuseTally others = new ReuseTally();
            found.getOrDefault(NamedDimension.OTHER, List.of()).forEach(others::merge);
            return shape.of(period, counted, namespace, found.getOrDefault(namespace, List.of()), others);
        });
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = ReuseQuestion.PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to", "interval", "name");
        PeerCall call = PeerCall.of(exchange, query);
        NamedSeriesQuestion<ReuseTally> question = NamedSeriesQuestion.of(windows, ReuseQuestion.PATH, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
