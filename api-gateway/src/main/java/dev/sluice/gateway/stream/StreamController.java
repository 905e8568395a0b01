package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventStreams.Begun;
import dev.sluice.platform.web.AccessLine;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** {@code GET /api/v1/events/stream}: the caller's events as they come, or from where it left off. */
@RestController
final class StreamController {

    private final EventStreams streams;
    private final OpenStreams open;
    private final EventLogReaders readers;
    private final StreamProperties properties;
    private final StreamMeters meters;
    private final InstantSource clock;

    StreamController(
            EventStreams streams,
            OpenStreams open,
            EventLogReaders readers,
            StreamProperties properties,
            StreamMeters meters,
            InstantSource clock) {
        this.streams = streams;
        this.open = open;
        this.readers = readers;
        this.properties = properties;
        this.meters = meters;
        this.clock = clock;
    }

    @GetMapping(path = "/api/v1/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Mono<Void> stream(ServerWebExchange exchange) {
        if (exchange.getRequest().getMethod().equals(HttpMethod.HEAD)) {
            throw ProblemException.methodNotAllowed(List.of(HttpMethod.GET));
        }
        Identity identity = Identity.of(exchange);
        StreamRequest request = StreamRequest.parse(exchange.getRequest(), clock.instant());
        return Mono.using(
                () -> open.enter(identity),
                place -> streams.begin(identity, request).flatMap(begun -> run(exchange, place, begun)),
                OpenStreams.Place::leave);
    }

    private Mono<Void> run(ServerWebExchange exchange, OpenStreams.Place place, Begun begun) {
        EventStream stream = begun.stream();
        place.hold(stream);
        AccessLine line = AccessLine.hold(exchange);
        return carry(exchange, begun).doFinally(signal -> {
            stream.close(CloseReason.DISCONNECTED);
            stream.closed().ifPresent(meters::closed);
            line.release();
        });
    }

    private Mono<Void> carry(ServerWebExchange exchange, Begun begun) {
        Connection connection = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        StreamOutlet outlet = new SseOutlet(exchange.getResponse(), connection, begun.ids(), properties.retry());
        StreamPump pump = new StreamPump(
                begun.stream(),
                outlet,
                readers,
                properties,
                meters,
                Schedulers.fromExecutor(connection.channel().eventLoop()));
        return pump.run(begun.ids().of(begun.start()));
    }
}
