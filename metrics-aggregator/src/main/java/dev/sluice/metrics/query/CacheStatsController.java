package dev.sluice.metrics.query;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.reset.ResetTable;
import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a tenant's questions about its cache. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class CacheStatsController {
    private static final int DEFAULT_PATTERNS = 100;
    private static final int MAX_PATTERNS = 1000;
    private static final int DEFAULT_TOP = 10;
    private static final int MAX_PATTERN_LENGTH = 512;
    private static final KeyGlob EVERY_PATTERN = new KeyGlob("*");
    private static final Pattern SHARE = Pattern.compile("0(\\.[0-9]{1,6})?|1(\\.0{1,6})?");

    private final CacheStatsReader reader;
    private final LadderReader<ReuseTally> reuse;
    private final PartitionAnswers answers;
    private final ResetTable resets;
    private final CacheHealthRules rules;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    CacheStatsController(
            CacheStatsReader reader,
            LadderReader<ReuseTally> reuse,
            PartitionAnswers answers,
            ResetTable resets,
            CacheHealthRules rules,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.reader = reader;
        this.reuse = reuse;
        this.resets = resets;
        this.rules = rules;
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** What was read, and what it stands for. */
    private record Reading(Period period, @Nullable Freshness freshness, CacheStats stats) {}

    @GetMapping("/api/v1/cache/stats")
    Mono<CacheAnswers.Stats> stats(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace");
        return answer(
                exchange,
                query,
                reading -> CacheAnswers.Stats.of(reading.period(), reading.freshness(), reading.stats()));
    }

    @GetMapping("/api/v1/cache/stats/patterns")
    Mono<CacheAnswers.Patterns> patterns(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace", "pattern", "limit");
        int limit = query.number("limit", 1, MAX_PATTERNS).orElse(DEFAULT_PATTERNS);
        KeyGlob asked = query.text("pattern").map(CacheStatsController::glob).orElse(EVERY_PATTERN);
        return patterns(exchange, query, asked, limit);
    }

    @GetMapping("/api/v1/cache/stats/top-patterns")
    Mono<CacheAnswers.Patterns> topPatterns(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace", "limit");
        return patterns(
                exchange,
                query,
                EVERY_PATTERN,
                query.number("limit", 1, MAX_PATTERNS).orElse(DEFAULT_TOP));
    }

    private Mono<CacheAnswers.Patterns> patterns(
            ServerWebExchange exchange, StrictQuery query, KeyGlob asked, int limit) {
        return answer(
                exchange,
                query,
                reading ->
                        CacheAnswers.Patterns.of(reading.period(), reading.freshness(), reading.stats(), asked, limit));
    }

    @GetMapping("/api/v1/cache/stats/top-keys")
    Mono<TopKeys> topKeys(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace", "pattern", "limit");
        int limit = query.number("limit", 1, MAX_PATTERNS).orElse(DEFAULT_TOP);
        KeyGlob asked = query.text("pattern").map(CacheStatsController::glob).orElse(EVERY_PATTERN);
        return answer(
                exchange,
                query,
                reading -> TopKeys.of(reading.period(), reading.freshness(), reading.stats(), asked, limit));
    }

    @GetMapping("/api/v1/cache/stats/low-performers")
    Mono<CacheAnswers.LowPerformers> lowPerformers(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace", "threshold", "limit");
        int limit = query.number("limit", 1, MAX_PATTERNS).orElse(DEFAULT_PATTERNS);
        double threshold =
                query.text("threshold").map(CacheStatsController::share).orElse(CacheHealthRules.MIN_HIT_RATE);
        ReuseQuestion replayed = ReuseQuestion.ofDay(Identity.of(exchange).tenant(), clock.instant());
        // What is asked for is looked at first: it is refused whether or not there are windows to read.
        Mono<Reading> read = answer(exchange, query, Function.identity());
        return answers.answer(replayed.asked(reuse))
                .map(TtlReplays::of)
                .zipWith(
                        read,
                        (replays, reading) -> CacheAnswers.LowPerformers.of(
                                reading.period(), reading.freshness(), reading.stats(), replays, threshold, limit));
    }

    @GetMapping("/api/v1/cache/health")
    Mono<CacheAnswers.Health> health(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "namespace");
        return answer(
                exchange,
                query,
                reading -> CacheAnswers.Health.of(
                        rules, reading.stats().total(), reading.period().to()));
    }

    private <T> Mono<T> answer(ServerWebExchange exchange, StrictQuery query, Function<Reading, T> shape) {
        String tenant = Identity.of(exchange).tenant();
        String namespace = QueryParameters.namespace(query);
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(CacheStatsTopology.inputTopic()).orElse(null);
        Period period = since(resets.countedFrom(tenant), QueryParameters.period(query, clock.instant()));
        if (period.from().equals(period.to())) {
            // The figures were reset within this minute: they are counted from the next one on.
            return Mono.fromCallable(() -> shape.apply(new Reading(period, counted, new CacheStats())));
        }
        return answers.answer(new CacheStatsQuestion(reader, tenant, namespace, period.from(), period.to()))
                .map(stats -> shape.apply(new Reading(period, counted, stats)));
    }

    /** What a reset has left of it. */
    static Period since(Optional<Instant> countedFrom, Period asked) {
        return countedFrom
                .filter(mark -> mark.isAfter(asked.from()))
                .map(mark -> new Period(asked.window(), mark.isBefore(asked.to()) ? mark : asked.to(), asked.to()))
                .orElse(asked);
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = CacheStatsQuestion.PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "namespace", "from", "to");
        PeerCall call = PeerCall.of(exchange, query);
        CacheStatsQuestion question = CacheStatsQuestion.of(reader, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }

    private static KeyGlob glob(String text) {
        if (text.length() > MAX_PATTERN_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw QueryParameters.invalid(
                    "pattern",
                    "Send a key pattern such as feed:*, in which * is anything: at most " + MAX_PATTERN_LENGTH
                            + " characters, no control characters among them.");
        }
        return new KeyGlob(text);
    }

    private static double share(String text) {
        if (!SHARE.matcher(text).matches()) {
            throw QueryParameters.invalid(
                    "threshold", "Send a hit rate from 0 to 1 with at most six decimals, such as 0.5.");
        }
        return Double.parseDouble(text);
    }
}
