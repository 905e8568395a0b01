package dev.sluice.metrics.query;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers how a tenant's cache did in each window of a range, for a chart or a sheet. */
@RestController
class CacheSeriesController {
    private static final String PATH = "/api/v1/cache/stats/series";
    private static final String CSV = "csv";

    private final LadderReader<CacheTally> windows;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    CacheSeriesController(
            LadderReader<CacheTally> windows,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.windows = windows;
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    @GetMapping(path = PATH, params = "format!=" + CSV, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<SeriesAnswer> series(ServerWebExchange exchange) {
        CacheSeriesQuestion question = question(exchange);
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(CacheStatsTopology.inputTopic()).orElse(null);
        return answers.answer(question).map(series -> SeriesAnswer.of(question.range(), counted, series));
    }

    @GetMapping(path = PATH, params = "format!=json", produces = "text/csv;charset=utf-8")
    Flux<String> csv(ServerWebExchange exchange) {
        CacheSeriesQuestion question = question(exchange);
        return answers.answer(question)
                .flatMapMany(series -> Flux.fromStream(() -> SeriesAnswer.csv(question.range(), series)));
    }

    private CacheSeriesQuestion question(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("from", "to", "interval", "namespace", "format");
        String format = query.text("format").orElse("json");
        if (!format.equals("json") && !format.equals(CSV)) {
            throw QueryParameters.invalid("format", "Send json or csv, or leave it out for json.");
        }
        return new CacheSeriesQuestion(
                windows,
                Identity.of(exchange).tenant(),
                QueryParameters.namespace(query),
                SeriesRange.of(query, windows.ladder(), Level.MINUTE, clock.instant()));
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = CacheSeriesQuestion.PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to", "interval", "namespace");
        PeerCall call = PeerCall.of(exchange, query);
        CacheSeriesQuestion question = CacheSeriesQuestion.of(windows, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
