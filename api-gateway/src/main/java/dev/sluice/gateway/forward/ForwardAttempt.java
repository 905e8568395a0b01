package dev.sluice.gateway.forward;

import dev.sluice.gateway.relay.CallerBody;
import dev.sluice.gateway.relay.RelayedAnswer;
import java.util.Set;
import org.reactivestreams.Publisher;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClientResponse;

/** The two streams of one forwarded request, and how far they have come. Used by one request at a time. */
record ForwardAttempt(ServerWebExchange exchange, InternalRoute route, CallerBody body, RelayedAnswer answer) {

    /** RFC 9110, section 9.2.2: doing it twice is doing it once. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    static ForwardAttempt of(ServerWebExchange exchange, InternalRoute route) {
        CallerBody body = new CallerBody(exchange.getRequest(), route.maxBody().toBytes());
        return new ForwardAttempt(exchange, route, body, new RelayedAnswer(exchange));
    }

    /** Whether the request can be sent once more: nothing of it was used up, and doing it twice does no harm. */
    boolean mayRepeat(Throwable failure) {
        return !answer.hasBegun()
                && !body.isTaken()
                && IDEMPOTENT.contains(exchange.getRequest().getMethod())
                && ForwardFailures.isClosedConnection(failure);
    }

    /** Writes the service's answer to the caller while it comes in. */
    Publisher<Void> relay(HttpClientResponse response, ByteBufFlux pieces) {
        answer.head(response.status().code(), response.responseHeaders());
        return answer.body(pieces.retain());
    }
}
