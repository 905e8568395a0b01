package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventStreams.Begun;
import dev.sluice.platform.web.AccessLine;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** {@code GET /api/v1/events/stream}: the caller's events as they come, or from where it left off, by SSE or WebSocket. */
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
        ServerHttpRequest request = exchange.getRequest();
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            throw ProblemException.methodNotAllowed(List.of(HttpMethod.GET));
        }
        boolean webSocket = WebSocketHandshake.isAskedFor(request.getHeaders());
        if (webSocket) {
            WebSocketHandshake.check(request.getHeaders(), properties.allowedOrigins());
        }
        Identity identity = Identity.of(exchange);
        StreamRequest wanted = StreamRequest.parse(request, clock.instant());
        return Mono.using(
                () -> open.enter(identity),
                place -> streams.begin(identity, wanted).flatMap(begun -> {
                    place.hold(begun.stream());
                    return run(exchange, begun, webSocket ? overWebSocket(exchange, begun) : overSse(exchange, begun));
                }),
                OpenStreams.Place::leave);
    }

    private Mono<Void> run(ServerWebExchange exchange, Begun begun, Mono<Void> work) {
        EventStream stream = begun.stream();
        AccessLine line = AccessLine.hold(exchange);
        return work.doFinally(signal -> {
            stream.close(CloseReason.DISCONNECTED);
            stream.closed().ifPresent(meters::closed);
            line.release();
        });
    }

    private Mono<Void> overSse(ServerWebExchange exchange, Begun begun) {
        Connection connection = connectionOf(exchange);
        return pump(
                begun, new SseOutlet(exchange.getResponse(), connection, begun.ids(), properties.retry()), connection);
    }

    private Mono<Void> overWebSocket(ServerWebExchange exchange, Begun begun) {
        Connection connection = connectionOf(exchange);
        return new WebSocketStream(exchange, connection, begun.stream(), begun.ids())
                .run(outlet -> pump(begun, outlet, connection));
    }

    private Mono<Void> pump(Begun begun, StreamOutlet outlet, Connection connection) {
        Scheduler loop = Schedulers.fromExecutor(connection.channel().eventLoop());
        return new StreamPump(begun.stream(), outlet, readers, properties, meters, loop)
                .run(begun.ids().of(begun.start()));
    }

    private static Connection connectionOf(ServerWebExchange exchange) {
        return ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    }
}
