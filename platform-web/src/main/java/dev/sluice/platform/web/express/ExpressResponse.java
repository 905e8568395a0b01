package dev.sluice.platform.web.express;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ChannelSendOperator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An answer of Reactor Netty. It is committed at once, when its first byte is there: what is to be done before that must be
 * done by the time that it returns.
 */
final class ExpressResponse implements ServerHttpResponse {

    private final HttpServerResponse raw;
    private final NettyDataBufferFactory buffers;
    private final HttpHeaders headers;
    private final List<Supplier<? extends Mono<Void>>> actions = new ArrayList<>(2);
    private @Nullable HttpStatusCode status;
    private volatile boolean committed;

    ExpressResponse(HttpServerResponse raw, NettyDataBufferFactory buffers) {
        this.raw = raw;
        this.buffers = buffers;
        this.headers = new HttpHeaders(new Netty4HeadersAdapter(raw.responseHeaders()));
    }

    @Override
    public boolean setStatusCode(@Nullable HttpStatusCode code) {
        if (committed) {
            return false;
        }
        status = code;
        return true;
    }

    @Override
    public HttpStatusCode getStatusCode() {
        HttpStatusCode known = status;
        return known == null ? HttpStatusCode.valueOf(raw.status().code()) : known;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    /** None but those that were added, which are headers already. */
    @Override
    public MultiValueMap<String, ResponseCookie> getCookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    public void addCookie(ResponseCookie cookie) {
        headers.add(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    @Override
    public DataBufferFactory bufferFactory() {
        return buffers;
    }

    @Override
    public void beforeCommit(Supplier<? extends Mono<Void>> action) {
        actions.add(action);
    }

    @Override
    public boolean isCommitted() {
        return committed;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        if (body instanceof Mono<? extends DataBuffer> one) {
            return one.flatMap(this::writeWhole);
        }
        // An error that comes before the first piece is answered, so nothing may be on its way by then.
        return new ChannelSendOperator<>(body, pieces -> {
            commit();
            return raw.send(Flux.from(pieces).map(NettyDataBufferFactory::toByteBuf))
                    .then();
        });
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return writeWith(Flux.from(body).concatMap(group -> group, 0));
    }

    @Override
    public Mono<Void> setComplete() {
        commit();
        return Mono.empty();
    }

    private Mono<Void> writeWhole(DataBuffer buffer) {
        try {
            commit();
        } catch (RuntimeException e) {
            DataBufferUtils.release(buffer);
            return Mono.error(e);
        }
        return raw.sendObject(NettyDataBufferFactory.toByteBuf(buffer)).then();
    }

    private void commit() {
        if (committed) {
            return;
        }
        committed = true;
        for (Supplier<? extends Mono<Void>> action : actions) {
            if (!action.get().equals(Mono.empty())) {
                throw new IllegalStateException("what is done before an answer must not have to be waited for");
            }
        }
        HttpStatusCode known = status;
        // The server has answered a request that broke.
        if (known != null && !raw.hasSentHeaders()) {
            raw.status(known.value());
        }
    }
}
