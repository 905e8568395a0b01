package dev.sluice.gateway.relay;

import dev.sluice.gateway.access.RequestTrail;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An upstream's answer on its way to the caller. Used by one request at a time. */
public final class RelayedAnswer {

    /** Longer bodies leave as they come. */
    private static final int SMALL_BYTES = 8 * 1024;

    /** More headers are looked up, not compared with each other. */
    private static final int FEW = 32;

    private final ServerWebExchange exchange;
    /** Names as they came; an upstream's answer has few. */
    private final List<String> relayed = new ArrayList<>(16);

    private volatile boolean begun;

    public RelayedAnswer(ServerWebExchange exchange) {
        this.exchange = exchange;
    }

    /** Whether any of it was taken over. */
    public boolean hasBegun() {
        return begun;
    }

    /** Takes over the status and what may pass of the headers. */
    public void head(int status, Iterable<Map.Entry<String, String>> headers) {
        begun = true;
        RequestTrail.of(exchange).answered();
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        EndToEndHeaders.copyAnswer(headers, (name, value) -> {
            boolean meansNothing = status == 204 && name.equalsIgnoreCase("Content-Length");
            if (!meansNothing) {
                add(name, value);
            }
        });
    }

    /** Puts a header after those of the same name that came with the answer. */
    public void add(String name, String value) {
        boolean first = !isRelayed(name);
        relayed.add(name);
        if (first) {
            exchange.getResponse().getHeaders().set(name, value);
            return;
        }
        exchange.getResponse().getHeaders().add(name, value);
    }

    private boolean isRelayed(String name) {
        if (relayed.size() > FEW) {
            return exchange.getResponse().getHeaders().containsHeader(name);
        }
        for (String before : relayed) {
            if (before.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the body while it comes in, a small one when it is there; ends an answer that has none. */
    public Mono<Void> body(Flux<ByteBuf> pieces) {
        ServerHttpResponse response = exchange.getResponse();
        if (hasNoBody()) {
            return pieces.then(Mono.defer(response::setComplete));
        }
        NettyDataBufferFactory factory = (NettyDataBufferFactory) response.bufferFactory();
        if (isSmall(response.getHeaders())) {
            return response.writeWith(new WholeBody(pieces)
                    .<DataBuffer>map(factory::wrap)
                    .doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release));
        }
        // Bits that come one by one, such as server-sent events, leave one by one: the connection is flushed as soon as
        // nothing more waits for it.
        return response.writeWith(
                pieces.<DataBuffer>map(factory::wrap).doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release));
    }

    /** Whether it is soon there: then one write takes head and body, as nginx' postpone_output does. */
    private static boolean isSmall(HttpHeaders headers) {
        long length = headers.getContentLength();
        return length > 0 && length <= SMALL_BYTES && headers.getFirst(HttpHeaders.TRAILER) == null;
    }

    /** Whether the caller waits for the head alone. */
    private boolean hasNoBody() {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        int code = status == null ? 0 : status.value();
        return HttpMethod.HEAD.equals(exchange.getRequest().getMethod()) || code == 204 || code == 304;
    }

    /** Forgets an answer that broke off before any of it was on its way. */
    public void takeBack() {
        ServerHttpResponse response = exchange.getResponse();
        if (!response.isCommitted()) {
            relayed.forEach(response.getHeaders()::remove);
            relayed.clear();
        }
    }
}
