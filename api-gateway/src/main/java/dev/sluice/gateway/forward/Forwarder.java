package dev.sluice.gateway.forward;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.RequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClient.ResponseReceiver;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Passes a request to a service and its answer back. Bodies stream both ways at the pace of the slower side; a caller
 * that goes away takes the request to the service along. Nothing is decompressed, decoded or encoded again.
 * Thread-safe.
 */
final class Forwarder {

    private final HttpClient client;
    private final ServiceProperties services;
    private final IdentityToken token;
    private final MeterRegistry meters;

    Forwarder(HttpClient client, ServiceProperties services, IdentityToken token, MeterRegistry meters) {
        this.client = client;
        this.services = services;
        this.token = token;
        this.meters = meters;
    }

    Mono<Void> forward(ServerWebExchange exchange, InternalRoute route) {
        Identity identity = Identity.of(exchange);
        requireFitting(exchange, route);
        ForwardAttempt attempt = new ForwardAttempt(exchange, route);
        return Mono.defer(() -> send(attempt, identity))
                .onErrorResume(attempt::mayRepeat, failure -> {
                    count(route, "repeated");
                    return send(attempt, identity);
                })
                .onErrorMap(failure -> {
                    attempt.takeBack();
                    count(route, failure instanceof RequestBodyException ? "caller_failed" : "failed");
                    return ForwardFailures.map(route.service(), failure);
                })
                .doOnSuccess(done -> count(route, "answered"))
                .doOnCancel(() -> count(route, "cancelled"));
    }

    private static void requireFitting(ServerWebExchange exchange, InternalRoute route) {
        if (exchange.getRequest().getHeaders().getContentLength()
                > route.maxBody().toBytes()) {
            throw tooLarge(route);
        }
    }

    static ProblemException tooLarge(InternalRoute route) {
        return ProblemException.ofField(
                        ProblemType.TOO_LARGE,
                        "body",
                        "Send at most " + route.maxBody().toBytes() + " bytes.")
                .withHeader("Connection", "close");
    }

    private Mono<Void> send(ForwardAttempt attempt, Identity identity) {
        ServerWebExchange exchange = attempt.exchange();
        HttpServerRequest caller = ((AbstractServerHttpRequest) exchange.getRequest()).getNativeRequest();
        HttpClient.RequestSender request = client.headers(headers -> writeHeaders(headers, caller, exchange, identity))
                .request(caller.method())
                .uri(services.baseOf(attempt.route().service()) + caller.uri());
        ResponseReceiver<?> receiver = hasBody(caller) ? request.send(attempt.requestBody()) : request;
        return Mono.firstWithSignal(receiver.response(attempt::relay).then(), attempt.callerFailure());
    }

    private void writeHeaders(
            HttpHeaders headers, HttpServerRequest caller, ServerWebExchange exchange, Identity identity) {
        ForwardedHeaders.copyRequest(caller.requestHeaders(), headers::add);
        RequestContext context = RequestContext.of(exchange);
        headers.set("X-Request-Id", context.requestId());
        headers.set("traceparent", context.traceParent());
        headers.set(IdentityToken.HEADER, token.sign(identity));
        if (!hasBody(caller) && mayHaveBody(caller.method())) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
    }

    private static boolean mayHaveBody(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    private static boolean hasBody(HttpServerRequest caller) {
        String length = caller.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        return caller.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (length != null && !length.equals("0"));
    }

    private void count(InternalRoute route, String outcome) {
        meters.counter("sluice.gateway.forwarded", "service", route.service().title(), "outcome", outcome)
                .increment();
    }
}
