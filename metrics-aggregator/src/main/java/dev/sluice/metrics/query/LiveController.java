package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.query.LivePlace.Turn;
import dev.sluice.metrics.query.LiveSession.End;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.web.AccessLine;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Tells each window of a tenant's cache once it is over and counted, as server-sent events. What comes is read from the windows' own stores when
 * its turn comes, so that a stream that broke goes on by its last id at any instance.
 */
@RestController
class LiveController {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final ServerSentEvent<Object> OPEN =
            ServerSentEvent.builder().comment("open").retry(RETRY).build();

    private final LadderReader<CacheTally> windows;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final LiveStreams streams;
    private final LiveProperties terms;
    private final InstantSource clock;

    LiveController(
            LadderReader<CacheTally> windows,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            LiveStreams streams,
            LiveProperties terms,
            InstantSource clock) {
        this.windows = windows;
        this.answers = answers;
        this.freshness = freshness;
        this.streams = streams;
        this.terms = terms;
        this.clock = clock;
    }

    /** One window. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Rollup(
            String interval,
            Instant start,
            Instant end,
            @JsonUnwrapped NamedFigures figures) {}

    /** Windows that are not kept any more, as far as this stream is concerned. */
    record Gap(String reason, Instant from, Instant to) {}

    record Closed(String reason) {}

    @GetMapping(path = "/api/v1/cache/stats/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Object>> stream(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("interval", "namespace");
        Duration interval = query.text("interval").map(LiveController::interval).orElse(Level.TEN_SECONDS);
        String namespace = QueryParameters.namespace(query);
        String tenant = Identity.of(exchange).tenant();
        Instant now = clock.instant();
        LivePlace place = Optional.ofNullable(exchange.getRequest().getHeaders().getFirst(LAST_EVENT_ID))
                .map(id -> placeOf(id, interval, now))
                .orElseGet(() -> LivePlace.latest(interval, now));
        LiveSession session = new LiveSession(terms, place, now);
        Connection connection = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        BooleanSupplier takes = () -> connection.channel().isWritable();
        // Entered when it is heard: a HEAD hears nothing.
        return Flux.using(
                () -> {
                    streams.enter(tenant);
                    return AccessLine.hold(exchange);
                },
                line -> Flux.concat(Flux.just(OPEN), run(session, tenant, namespace, takes))
                        // Whoever takes nothing at all is not even told that it is over.
                        .takeUntilOther(Mono.delay(terms.longest().plus(terms.slowReader()))),
                line -> {
                    streams.leave(tenant);
                    line.release();
                    if (!takes.getAsBoolean()) {
                        connection.dispose();
                    }
                });
    }

    /** One turn after the other; none is begun before the client has taken the one before. */
    private Flux<ServerSentEvent<Object>> run(
            LiveSession session, String tenant, @Nullable String namespace, BooleanSupplier takes) {
        return Mono.defer(() -> turn(session, tenant, namespace, takes.getAsBoolean()))
                .flatMapIterable(events -> events)
                .repeat(() -> !session.isOver());
    }

    private Mono<List<ServerSentEvent<Object>>> turn(
            LiveSession session, String tenant, @Nullable String namespace, boolean takes) {
        Instant now = clock.instant();
        Optional<End> end = session.end(now, takes, streams.isRunning());
        if (end.isPresent()) {
            return Mono.just(List.of(closed(end.get())));
        }
        LivePlace place = session.place();
        // Not known how far the log is counted: nothing is told.
        Turn turn = place.turn(completeTo().orElse(place.next()), keptFor(place));
        if (turn.isEmpty() || !session.isTaking()) {
            return pause(session, now);
        }
        return read(session, tenant, namespace, turn)
                .doOnNext(events -> session.said(now))
                // A rebalance, say: the windows are there again in a moment.
                .onErrorResume(ProblemException.class, failure -> pause(session, now));
    }

    private Mono<List<ServerSentEvent<Object>>> pause(LiveSession session, Instant now) {
        List<ServerSentEvent<Object>> events = new ArrayList<>();
        if (session.isTaking() && session.isSilent(now)) {
            session.said(now);
            events.add(ServerSentEvent.builder().comment("heartbeat").build());
        }
        return Mono.delay(PAUSE).thenReturn(events);
    }

    private Mono<List<ServerSentEvent<Object>>> read(
            LiveSession session, String tenant, @Nullable String namespace, Turn turn) {
        LivePlace place = session.place();
        List<ServerSentEvent<Object>> events = new ArrayList<>();
        turn.missedFrom()
                .ifPresent(
                        from -> events.add(event("gap", place.at(turn.from()), new Gap("expired", from, turn.from()))));
        if (turn.from().equals(turn.to())) {
            session.moveTo(turn.to());
            return Mono.just(events);
        }
        SeriesRange range =
                new SeriesRange(windows.ladder().levelOf(place.interval()), place.interval(), turn.from(), turn.to());
        return answers.answer(new CacheSeriesQuestion(windows, tenant, namespace, range))
                .map(series -> {
                    for (Instant start : range.starts()) {
                        Instant next = start.plus(place.interval());
                        NamedFigures figures = NamedFigures.of(series.tally(start.toEpochMilli()));
                        events.add(event(
                                "rollup",
                                place.at(next),
                                new Rollup(place.interval().toString(), start, next, figures)));
                    }
                    session.moveTo(turn.to());
                    return events;
                })
                // A window that is told is told once.
                .contextWrite(PartitionAnswers::freshOnly);
    }

    /** Everything that was on the log by then is counted, and what was read by then had a second to get there. */
    private Optional<Instant> completeTo() {
        return freshness
                .latest(CacheStatsTopology.inputTopic())
                .map(Freshness::completeTo)
                .map(counted -> counted.minus(PAUSE));
    }

    private Duration keptFor(LivePlace place) {
        int level = windows.ladder().levelOf(place.interval());
        return windows.ladder()
                .levels()
                .get(level)
                .retention()
                .minus(windows.ladder().grace());
    }

    private static ServerSentEvent<Object> event(String name, LivePlace behind, Object data) {
        return ServerSentEvent.builder(data).event(name).id(behind.id()).build();
    }

    private static ServerSentEvent<Object> closed(End end) {
        return ServerSentEvent.<Object>builder(new Closed(end.name().toLowerCase(Locale.ROOT)))
                .event("closed")
                .retry(RETRY)
                .build();
    }

    private static Duration interval(String text) {
        return LivePlace.INTERVALS.stream()
                .filter(interval -> interval.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> QueryParameters.invalid("interval", "Send PT10S or PT1M."));
    }

    private static LivePlace placeOf(String id, Duration interval, Instant now) {
        return LivePlace.behind(id, now)
                .filter(place -> place.interval().equals(interval))
                .orElseThrow(
                        () -> ProblemException.ofField(
                                ProblemType.INVALID_HEADER,
                                LAST_EVENT_ID,
                                "Send the id of the last event of a stream with the same interval, as it is, or leave the header out."));
    }
}
