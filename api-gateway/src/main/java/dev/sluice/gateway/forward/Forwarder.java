package dev.sluice.gateway.forward;

import dev.sluice.gateway.access.RequestTrail;
import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.gateway.relay.CallerBody;
import dev.sluice.gateway.relay.CallerBodyException;
import dev.sluice.platform.web.ClientAddress;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.platform.web.RequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Set;
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

    /** Whom a service is told who asks without a key; no id of a tenant begins so. */
    private static final Identity ANYBODY = new Identity("@anybody", "@none", "@none", Set.of());

    private static final String ANSWERED = "answered";
    private static final String REPEATED = "repeated";
    private static final String CALLER_FAILED = "caller_failed";
    private static final String FAILED = "failed";
    private static final String CANCELLED = "cancelled";
    private static final List<String> OUTCOMES = List.of(ANSWERED, REPEATED, CALLER_FAILED, FAILED, CANCELLED);

    private final HttpClient client;
    private final ServiceProperties services;
    private final IdentityToken token;
    private final ClientAddresses addresses;
    private final MeterRegistry meters;

    Forwarder(
            HttpClient client,
            ServiceProperties services,
            IdentityToken token,
            ClientAddresses addresses,
            MeterRegistry meters) {
        this.client = client;
        this.services = services;
        this.token = token;
        this.addresses = addresses;
        this.meters = meters;
        // Of a counter that begins with its first failure, that failure is no increase.
        for (InternalService service : InternalService.values()) {
            OUTCOMES.forEach(outcome -> counter(service, outcome));
        }
    }

    Mono<Void> forward(ServerWebExchange exchange, InternalRoute route) {
        return switch (route.access()) {
            case KEY -> forward(exchange, route, Identity.of(exchange));
            case ANYBODY -> forward(exchange, route, ANYBODY);
        };
    }

    /** In the name of somebody who need not be the caller. */
    Mono<Void> forward(ServerWebExchange exchange, InternalRoute route, Identity identity) {
        ForwardAttempt attempt = ForwardAttempt.of(exchange, route);
        RequestTrail.of(exchange).asked();
        return Mono.defer(() -> send(attempt, identity))
                .onErrorResume(attempt::mayRepeat, failure -> {
                    count(route, REPEATED);
                    return send(attempt, identity);
                })
                .onErrorMap(failure -> {
                    attempt.answer().takeBack();
                    count(route, failure instanceof CallerBodyException ? CALLER_FAILED : FAILED);
                    return ForwardFailures.map(route.service(), failure);
                })
                .doOnSuccess(done -> count(route, ANSWERED))
                .doOnCancel(() -> count(route, CANCELLED));
    }

    private Mono<Void> send(ForwardAttempt attempt, Identity identity) {
        HttpServerRequest caller =
                ((AbstractServerHttpRequest) attempt.exchange().getRequest()).getNativeRequest();
        CallerBody body = attempt.body();
        HttpClient.RequestSender request = client.headers(headers -> writeHeaders(headers, caller, attempt, identity))
                .request(caller.method())
                .uri(services.baseOf(attempt.route().service()) + caller.uri());
        ResponseReceiver<?> receiver =
                body.exists() ? request.send(body.isShort() ? body.whole() : body.pieces()) : request;
        return Mono.firstWithSignal(receiver.response(attempt::relay).then(), body.failure());
    }

    private void writeHeaders(
            HttpHeaders headers, HttpServerRequest caller, ForwardAttempt attempt, Identity identity) {
        ForwardedHeaders.copyRequest(caller.requestHeaders(), headers::add);
        RequestContext context = RequestContext.of(attempt.exchange());
        headers.set("X-Request-Id", context.requestId());
        headers.set("traceparent", context.traceParent());
        headers.set(IdentityToken.HEADER, token.sign(identity));
        if (attempt.route().service().isAuditing(caller.method())) {
            addresses
                    .of(attempt.exchange().getRequest())
                    .ifPresent(client -> headers.set(ClientAddress.HEADER, client.getHostAddress()));
        }
        if (attempt.body().isMissed()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
    }

    private void count(InternalRoute route, String outcome) {
        counter(route.service(), outcome).increment();
    }

    private Counter counter(InternalService service, String outcome) {
        return meters.counter("sluice.gateway.forwarded", "service", service.title(), "outcome", outcome);
    }
}
