package dev.sluice.gateway.relay;

import dev.sluice.platform.web.BrokenRequests;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** The body of one request as it comes, up to a limit. Used by one request at a time. */
public final class CallerBody {

    /** As long as most JSON is; it is there in one piece as a rule. */
    private static final int MAX_SHORT = 16 * 1024;

    private final ServerHttpRequest request;
    private final HttpHeaders headers;
    private final HttpMethod method;
    private final Channel channel;
    private final long maxBytes;
    private final Sinks.One<Void> failure = Sinks.one();
    private volatile boolean taken;

    /** Refuses, as too large, a body that is announced to be longer than {@code maxBytes}. */
    public CallerBody(ServerHttpRequest request, long maxBytes) {
        HttpServerRequest raw = ((AbstractServerHttpRequest) request).getNativeRequest();
        this.request = request;
        this.headers = raw.requestHeaders();
        this.method = raw.method();
        this.channel = ((Connection) raw).channel();
        this.maxBytes = maxBytes;
        if (request.getHeaders().getContentLength() > maxBytes) {
            throw tooLarge();
        }
    }

    /** Whether there is one. */
    public boolean exists() {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    /** Whether a request without one must say so, because a body is usual with its method. */
    public boolean isMissed() {
        boolean usual =
                method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
        return usual && !exists();
    }

    /** Whether any of it was asked for; it cannot be had again. */
    public boolean isTaken() {
        return taken;
    }

    /** The pieces of the body; none ever ends the stream with an error, which {@link #failure} tells. */
    public Flux<ByteBuf> pieces() {
        return content().onErrorResume(error -> {
            failure.tryEmitError(error);
            return Mono.never();
        });
    }

    /** Whether it is announced to be so short that it may be gathered, and leave with the head of the request. */
    public boolean isShort() {
        long announced = request.getHeaders().getContentLength();
        return announced > 0 && announced <= MAX_SHORT;
    }

    /** The body in one piece, as {@link #pieces}; to be asked for when it {@link #isShort}. */
    public Mono<ByteBuf> whole() {
        return Mono.defer(() -> {
                    taken = true;
                    return DataBufferUtils.join(request.getBody(), MAX_SHORT);
                })
                .switchIfEmpty(Mono.error(CallerBody::notWhole))
                .flatMap(buffer -> {
                    if (isWhole(buffer.readableByteCount())) {
                        return Mono.just(NettyDataBufferFactory.toByteBuf(buffer));
                    }
                    DataBufferUtils.release(buffer);
                    return Mono.error(notWhole());
                })
                .onErrorMap(CallerBodyException::new)
                .onErrorResume(error -> {
                    failure.tryEmitError(error);
                    return Mono.never();
                });
    }

    private static ProblemException notWhole() {
        return new ProblemException(ProblemType.INVALID_REQUEST, "The body ended before it was whole.");
    }

    /** The pieces of the body, for one reader, who owns them; fails with a {@link CallerBodyException}. */
    public Flux<ByteBuf> content() {
        return Flux.defer(() -> {
            taken = true;
            long[] seen = {0};
            return request.getBody()
                    .map(buffer -> {
                        seen[0] += buffer.readableByteCount();
                        if (seen[0] > maxBytes) {
                            DataBufferUtils.release(buffer);
                            throw tooLarge();
                        }
                        return NettyDataBufferFactory.toByteBuf(buffer);
                    })
                    .concatWith(Mono.defer(
                            () -> isWhole(seen[0]) ? Mono.<ByteBuf>empty() : Mono.error(CallerBody::notWhole)))
                    .onErrorMap(CallerBodyException::new);
        });
    }

    private boolean isWhole(long bytes) {
        long announced = request.getHeaders().getContentLength();
        return (announced < 0 || announced == bytes) && !BrokenRequests.wereSeenOn(channel);
    }

    /**
     * Fails when the body does. The upstream's connection would tell too, but later and on another thread: a caller's
     * connection that timed out is closed by then, without its answer.
     */
    public Mono<Void> failure() {
        return failure.asMono();
    }

    private ProblemException tooLarge() {
        return ProblemException.ofField(ProblemType.TOO_LARGE, "body", "Send at most " + maxBytes + " bytes.")
                .withHeader("Connection", "close");
    }
}
