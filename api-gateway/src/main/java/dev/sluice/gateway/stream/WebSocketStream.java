package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.ClientFrames.Kind;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Carries a stream over a WebSocket, and listens to its client only as far as it must. */
final class WebSocketStream {

    /** A client has nothing to say; a ping may carry 125 bytes. */
    private static final int MAX_FRAME_BYTES = 4 * 1024;

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final ServerHttpRequest request;
    private final ServerHttpResponse response;
    private final Connection connection;
    private final EventStream stream;
    private final StreamIds ids;
    private final ClientFrames frames = new ClientFrames(System::nanoTime);

    WebSocketStream(ServerWebExchange exchange, Connection connection, EventStream stream, StreamIds ids) {
        this.request = exchange.getRequest();
        this.response = exchange.getResponse();
        this.connection = connection;
        this.stream = stream;
        this.ids = ids;
    }

    /** @param pump what carries the stream to an outlet */
    Mono<Void> run(Function<StreamOutlet, Mono<Void>> pump) {
        HttpServerResponse raw = ServerHttpResponseDecorator.getNativeResponse(response);
        // The handshake's Mono ends with the handshake; the request must not.
        Sinks.Empty<Void> ended = Sinks.empty();
        response.setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
        // To the end of the request first: the server ends a connection whose request it never saw complete.
        return request.getBody()
                .doOnNext(DataBufferUtils::release)
                .then(Mono.defer(response::setComplete))
                .then(Mono.defer(() -> raw.sendWebsocket(
                        (in, out) -> serve(in, out, pump).doFinally(signal -> ended.tryEmitEmpty()),
                        WebsocketServerSpec.builder()
                                .handlePing(true)
                                .maxFramePayloadLength(MAX_FRAME_BYTES)
                                .build())))
                .then(ended.asMono());
    }

    private Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out, Function<StreamOutlet, Mono<Void>> pump) {
        StreamOutlet outlet = new WebSocketOutlet(out, connection, stream, frames, ids);
        Mono<Void> heard =
                in.receiveFrames().doOnNext(frame -> hear(frame, out)).then().onErrorResume(failure -> Mono.empty());
        Mono<Void> told = pump.apply(outlet)
                // For the client's own farewell, or for what its kernel still holds.
                .then(Mono.delay(FAREWELL))
                .doOnNext(late -> outlet.cut())
                .then();
        return Mono.firstWithSignal(heard, told);
    }

    private void hear(WebSocketFrame frame, WebsocketOutbound out) {
        Optional<CloseReason> reason = frames.heard(kindOf(frame));
        if (reason.isPresent()) {
            stream.close(reason.get());
        } else if (frame instanceof PingWebSocketFrame) {
            // Not waited for: there are few of them, and the frame is gone after this.
            Disposable ignored = out.sendObject(
                            new PongWebSocketFrame(frame.content().retain()))
                    .then()
                    .onErrorComplete()
                    .subscribe();
        }
    }

    private static Kind kindOf(WebSocketFrame frame) {
        return switch (frame) {
            case BinaryWebSocketFrame ignored -> Kind.BINARY;
            case PingWebSocketFrame ignored -> Kind.PING;
            case PongWebSocketFrame ignored -> Kind.PONG;
            default -> Kind.TEXT;
        };
    }
}
