package dev.sluice.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClientResponse;

/** The two streams of one forwarded request, and how far they have come. Used by one request at a time. */
final class ForwardAttempt {

    /** RFC 9110, section 9.2.2: doing it twice is doing it once. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final ServerWebExchange exchange;
    private final InternalRoute route;
    private final Set<String> relayed = new HashSet<>();
    private final Sinks.One<Void> callerFailure = Sinks.one();
    private volatile boolean bodyTaken;
    private volatile boolean answered;

    ForwardAttempt(ServerWebExchange exchange, InternalRoute route) {
        this.exchange = exchange;
        this.route = route;
    }

    ServerWebExchange exchange() {
        return exchange;
    }

    InternalRoute route() {
        return route;
    }

    /** The caller's body as it comes, up to the route's limit. */
    Flux<ByteBuf> requestBody() {
        long max = route.maxBody().toBytes();
        return Flux.defer(() -> {
            bodyTaken = true;
            long[] seen = {0};
            return exchange.getRequest()
                    .getBody()
                    .map(buffer -> {
                        seen[0] += buffer.readableByteCount();
                        if (seen[0] > max) {
                            DataBufferUtils.release(buffer);
                            throw Forwarder.tooLarge(route);
                        }
                        return NettyDataBufferFactory.toByteBuf(buffer);
                    })
                    .onErrorResume(failure -> {
                        callerFailure.tryEmitError(new RequestBodyException(failure));
                        return Mono.never();
                    });
        });
    }

    /**
     * Fails when the caller's body does. The service's connection would tell too, but later and on another thread: a
     * caller's connection that timed out is closed by then, without its answer.
     */
    Mono<Void> callerFailure() {
        return callerFailure.asMono();
    }

    /** Whether the request can be sent once more: nothing of it was used up, and doing it twice does no harm. */
    boolean mayRepeat(Throwable failure) {
        return !answered
                && !bodyTaken
                && IDEMPOTENT.contains(exchange.getRequest().getMethod())
                && ForwardFailures.isClosedConnection(failure);
    }

    /** Writes the service's answer to the caller while it comes in. */
    Publisher<Void> relay(HttpClientResponse answer, ByteBufFlux body) {
        answered = true;
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(answer.status().code()));
        ForwardedHeaders.copyResponse(answer.responseHeaders(), (name, value) -> {
            if (relayed.add(name.toLowerCase(Locale.ROOT))) {
                response.getHeaders().set(name, value);
            } else {
                response.getHeaders().add(name, value);
            }
        });
        if (hasNoBody(answer.status().code())) {
            return body.then(Mono.defer(response::setComplete));
        }
        return relayBody(answer, body, response);
    }

    private static Publisher<Void> relayBody(HttpClientResponse answer, ByteBufFlux body, ServerHttpResponse response) {
        NettyDataBufferFactory factory = (NettyDataBufferFactory) response.bufferFactory();
        Flux<DataBuffer> data = body.retain()
                .<DataBuffer>map(factory::wrap)
                .doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release);
        boolean lengthKnown = answer.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH);
        // Of unknown length is also what comes bit by bit, such as server-sent events: each bit leaves at once.
        return lengthKnown ? response.writeWith(data) : response.writeAndFlushWith(data.map(Mono::just));
    }

    private boolean hasNoBody(int status) {
        return HttpMethod.HEAD.equals(exchange.getRequest().getMethod()) || status == 204 || status == 304;
    }

    /** Forgets an answer that broke off before any of it was on its way. */
    void takeBack() {
        ServerHttpResponse response = exchange.getResponse();
        if (!response.isCommitted()) {
            relayed.forEach(response.getHeaders()::remove);
        }
    }
}
