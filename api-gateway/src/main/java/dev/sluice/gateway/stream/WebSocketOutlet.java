package dev.sluice.gateway.stream;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Writes a stream to a WebSocket that is open. */
final class WebSocketOutlet implements StreamOutlet {

    private final WebsocketOutbound outbound;
    private final Connection connection;
    private final EventStream stream;
    private final ClientFrames frames;
    private final StreamIds ids;

    WebSocketOutlet(
            WebsocketOutbound outbound, Connection connection, EventStream stream, ClientFrames frames, StreamIds ids) {
        this.outbound = outbound;
        this.connection = connection;
        this.stream = stream;
        this.frames = frames;
        this.ids = ids;
    }

    @Override
    public Mono<Void> open(String id) {
        return write(Flux.just(text(WebSocketFormat.open(id))));
    }

    @Override
    public Mono<Void> send(List<StreamItem> items) {
        return write(Flux.fromIterable(items).map(item -> text(WebSocketFormat.of(item, ids))));
    }

    @Override
    public Mono<Void> beat() {
        return frames.pinging()
                .map(reason -> Mono.<Void>fromRunnable(() -> stream.close(reason)))
                .orElseGet(() -> write(Flux.just(text(WebSocketFormat.HEARTBEAT), new PingWebSocketFrame())));
    }

    @Override
    public Mono<Void> end(CloseReason reason) {
        return outbound.sendClose(reason.webSocketCode(), reason.code());
    }

    @Override
    public void cut() {
        connection.dispose();
    }

    private Mono<Void> write(Flux<WebSocketFrame> all) {
        return Mono.defer(() -> outbound.sendObject(all).then());
    }

    private static WebSocketFrame text(byte[] json) {
        return new TextWebSocketFrame(Unpooled.wrappedBuffer(json));
    }
}
