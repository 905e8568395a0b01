package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Watch.Phase;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Tunnels a WebSocket (RFC 6455): the upstream's handshake first, then the caller's with the subprotocol that the
 * upstream chose, then frames both ways, pings and pongs among them, until one side closes or falls silent.
 */
final class WebSocketExchange {

    /** Registered with IANA for a gateway whose upstream gave no valid answer. */
    private static final WebSocketCloseStatus BAD_GATEWAY = WebSocketCloseStatus.BAD_GATEWAY;

    private static final WebSocketCloseStatus GOING_AWAY = WebSocketCloseStatus.ENDPOINT_UNAVAILABLE;

    private final ProxiedRequest request;
    private final Attempt attempt;
    private final Tunnels tunnels;

    WebSocketExchange(ProxiedRequest request, Attempt attempt, Tunnels tunnels) {
        this.request = request;
        this.attempt = attempt;
        this.tunnels = tunnels;
    }

    Mono<Void> run() {
        attempt.watch().enter(Phase.ANSWER);
        HttpClient client = attempt.target().sockets().headers(headers -> {
            headers.clear();
            request.writeHeaders(headers, attempt.target());
        });
        return client.websocket(clientSpec())
                .uri("ws" + attempt.target().base().substring("http".length()) + request.path())
                .handle(this::accept)
                .then()
                .onErrorResume(WebSocketClientHandshakeException.class, this::relayRefusal);
    }

    private WebsocketClientSpec clientSpec() {
        String protocols = String.join(",", offered());
        WebsocketClientSpec.Builder spec =
                WebsocketClientSpec.builder().handlePing(true).maxFramePayloadLength(tunnels.maxFrameBytes());
        return protocols.isEmpty() ? spec.build() : spec.protocols(protocols).build();
    }

    private Iterable<String> offered() {
        return request.caller().requestHeaders().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    }

    /** The upstream has agreed; now the caller is answered. */
    private Publisher<Void> accept(WebsocketInbound upstreamIn, WebsocketOutbound upstreamOut) {
        attempt.answered(HttpStatus.SWITCHING_PROTOCOLS.value());
        attempt.watch().enter(Phase.ANSWER_BODY);
        HttpHeaders headers = upstreamIn.headers();
        String protocol = upstreamIn.selectedSubprotocol();
        UpstreamHeaders.edit(request.route().responseHeaders(), headers);
        UpstreamHeaders.removeWebSocket(headers);
        request.answer().head(HttpStatus.SWITCHING_PROTOCOLS.value(), headers);
        ServerHttpResponse response = request.exchange().getResponse();
        HttpServerResponse raw = ServerHttpResponseDecorator.getNativeResponse(response);
        // The handshake's Mono ends with the handshake; the upstream's connection must not.
        Sinks.Empty<Void> ended = Sinks.empty();
        return response.setComplete()
                .then(Mono.defer(() -> raw.sendWebsocket(
                        (callerIn, callerOut) -> pump(callerIn, callerOut, upstreamIn, upstreamOut)
                                .doFinally(signal -> ended.tryEmitEmpty()),
                        serverSpec(protocol))))
                .then(ended.asMono());
    }

    private WebsocketServerSpec serverSpec(@Nullable String protocol) {
        WebsocketServerSpec.Builder spec =
                WebsocketServerSpec.builder().handlePing(true).maxFramePayloadLength(tunnels.maxFrameBytes());
        return protocol == null ? spec.build() : spec.protocols(protocol).build();
    }

    private Mono<Void> pump(
            WebsocketInbound callerIn,
            WebsocketOutbound callerOut,
            WebsocketInbound upstreamIn,
            WebsocketOutbound upstreamOut) {
        Sinks.Empty<Void> over = Sinks.empty();
        Sinks.Empty<Void> upEnded = Sinks.empty();
        Sinks.Empty<Void> downEnded = Sinks.empty();
        Mono<Void> up = pass(new LateCancel(callerIn.receiveFrames(), downEnded.asMono()), upstreamOut)
                .then(tell(callerIn, upstreamOut, GOING_AWAY))
                .doFinally(signal -> upEnded.tryEmitEmpty());
        Mono<Void> down = pass(new LateCancel(upstreamIn.receiveFrames(), upEnded.asMono()), callerOut)
                .then(tell(upstreamIn, callerOut, BAD_GATEWAY))
                .doFinally(signal -> downEnded.tryEmitEmpty());
        Mono<Void> frames = Mono.when(up, down).doFinally(signal -> over.tryEmitEmpty());
        Mono<Void> farewell = Mono.defer(() -> Mono.whenDelayError(
                callerOut.sendClose(GOING_AWAY.code(), GOING_AWAY.reasonText()),
                upstreamOut.sendClose(GOING_AWAY.code(), GOING_AWAY.reasonText())));
        // Not a race of the two: a farewell that is cancelled frees the frame that is being written.
        Mono<Void> ending = Mono.firstWithSignal(
                        tunnels.closing().thenReturn(true),
                        attempt.upgraded().thenReturn(true),
                        over.asMono().thenReturn(false))
                .flatMap(early -> early ? farewell : Mono.empty());
        return Mono.whenDelayError(frames, ending);
    }

    private Mono<Void> pass(Flux<WebSocketFrame> frames, WebsocketOutbound to) {
        return to.sendObject(frames.doOnNext(frame -> attempt.watch().moved()))
                .then()
                .onErrorResume(failure -> Mono.empty());
    }

    /** Tells the other side how this one closed. */
    private static Mono<Void> tell(WebsocketInbound from, WebsocketOutbound to, WebSocketCloseStatus lost) {
        return from.receiveCloseStatus()
                .defaultIfEmpty(lost)
                .onErrorReturn(lost)
                .flatMap(status -> close(to, status, lost));
    }

    private static Mono<Void> close(WebsocketOutbound to, WebSocketCloseStatus status, WebSocketCloseStatus lost) {
        if (status.equals(WebSocketCloseStatus.EMPTY)) {
            return to.sendClose();
        }
        boolean sendable = WebSocketCloseStatus.isValidStatusCode(status.code());
        return sendable
                ? to.sendClose(status.code(), status.reasonText())
                : to.sendClose(lost.code(), lost.reasonText());
    }

    /** An upstream that does not agree has answered too; its body is not at hand any more. */
    private Mono<Void> relayRefusal(WebSocketClientHandshakeException failure) {
        HttpResponse refusal = failure.response();
        if (refusal == null) {
            return Mono.error(new UpstreamException(UpstreamFault.CLOSED));
        }
        int status = refusal.status().code();
        if (status < 200) {
            return Mono.error(new UpstreamException(UpstreamFault.INVALID_ANSWER));
        }
        attempt.answered(status);
        HttpHeaders headers = refusal.headers();
        UpstreamHeaders.edit(request.route().responseHeaders(), headers);
        UpstreamHeaders.removeWebSocket(headers);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.CONTENT_TYPE);
        headers.remove(HttpHeaderNames.CONTENT_ENCODING);
        request.answer().head(status, headers);
        request.answer().add("Content-Length", "0");
        return request.exchange().getResponse().setComplete();
    }
}
