package dev.sluice.metrics.query;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.event.EventTally;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers how many events of each type were published: a tenant's own, or with the scope admin those of any tenant and of all. */
@RestController
class EventStatsController {
    private static final int DEFAULT_TYPES = 100;
    private static final int MAX_TYPES = 1000;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9_.]{1,64}");

    private final LadderReader<EventTally> windows;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    EventStatsController(
            LadderReader<EventTally> windows,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.windows = windows;
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    @GetMapping(path = "/api/v1/monitoring/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<EventAnswers> events(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only("from", "to", "interval", "tenant", "type", "limit");
        String tenant = QueryParameters.tenant(query, Identity.of(exchange));
        String type = query.text("type").map(EventStatsController::type).orElse(null);
        int limit = query.number("limit", 1, MAX_TYPES).orElse(DEFAULT_TYPES);
        SeriesRange range = SeriesRange.of(query, windows.ladder(), Level.DAY, clock.instant());
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(EventStatsTopology.inputTopic()).orElse(null);
        return answers.answer(new NamedSeriesQuestion<>(windows, NamedSeriesQuestion.EVENTS_PATH, tenant, type, range))
                .map(series -> EventAnswers.of(range, counted, series, limit));
    }

    private static String type(String text) {
        if (!TYPE.matcher(text).matches()) {
            throw QueryParameters.invalid(
                    "type", "Send a type of events as it is published, such as order.created: [a-z0-9_.], at most 64.");
        }
        return text;
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = NamedSeriesQuestion.EVENTS_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query =
                StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to", "interval", "name");
        PeerCall call = PeerCall.of(exchange, query);
        NamedSeriesQuestion<EventTally> question =
                NamedSeriesQuestion.of(windows, NamedSeriesQuestion.EVENTS_PATH, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
