package dev.sluice.platform.web;

import java.time.InstantSource;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** One structured line for each request in the access log; off when the logger named access is above INFO. */
final class AccessLogFilter implements WebFilter, Ordered {

    private static final int OK = 200;

    private final AccessLog log;
    private final InstantSource clock;

    AccessLogFilter(AccessLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!log.isWanted()) {
            return chain.filter(exchange);
        }
        exchange.getResponse().beforeCommit(() -> {
            Runnable write = () -> log.add(lineOf(exchange));
            AccessLine.of(exchange).ifPresentOrElse(held -> held.keep(write), write);
            return Mono.empty();
        });
        return chain.filter(exchange);
    }

    private AccessLog.Line lineOf(ServerWebExchange exchange) {
        RequestContext context = RequestContext.of(exchange);
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Identity identity = Identity.isKnown(exchange) ? Identity.of(exchange) : null;
        return new AccessLog.Line(
                clock.instant(),
                exchange.getRequest().getMethod().name(),
                SecretMask.mask(exchange.getRequest().getPath().value()),
                status == null ? OK : status.value(),
                System.nanoTime() - context.startedNanos(),
                context.requestId(),
                context.traceId(),
                pattern == null ? null : pattern.toString(),
                identity == null ? null : identity.tenant(),
                identity == null ? null : identity.keyId());
    }

    @Override
    public int getOrder() {
        return FilterOrder.ACCESS_LOG;
    }
}
