package dev.sluice.gateway.stream;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Writes a stream as server-sent events. */
final class SseOutlet implements StreamOutlet {

    static final String CONTENT_TYPE = "text/event-stream";

    private final ServerHttpResponse response;
    private final HttpServerResponse raw;
    private final Connection connection;
    private final StreamIds ids;
    private final Duration retry;

    SseOutlet(ServerHttpResponse response, Connection connection, StreamIds ids, Duration retry) {
        this.response = response;
        this.raw = ServerHttpResponseDecorator.getNativeResponse(response);
        this.connection = connection;
        this.ids = ids;
        this.retry = retry;
    }

    @Override
    public Mono<Void> open(String id) {
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        // nginx holds answers back unless it is told not to.
        headers.set("X-Accel-Buffering", "no");
        // Commits without a body: what follows is written past Spring, which would take more than the client reads.
        return response.setComplete()
                .then(Mono.defer(() -> raw.sendHeaders().then()))
                .then(write(SseFormat.open(id, retry)));
    }

    @Override
    public Mono<Void> send(List<StreamItem> items) {
        return write(SseFormat.of(items, ids));
    }

    @Override
    public Mono<Void> beat() {
        return write(SseFormat.HEARTBEAT);
    }

    @Override
    public Mono<Void> end(CloseReason reason) {
        return write(SseFormat.end(reason, retry));
    }

    @Override
    public void cut() {
        connection.dispose();
    }

    /** As a Flux: a Mono is a whole body to Reactor Netty, which drops it once the headers are sent. */
    private Mono<Void> write(byte[] text) {
        return Mono.defer(
                () -> raw.send(Flux.just(text).map(Unpooled::wrappedBuffer)).then());
    }
}
