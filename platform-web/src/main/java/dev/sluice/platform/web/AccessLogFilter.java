package dev.sluice.platform.web;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * One structured line for each request in the access log, which is off when the logger named access is above INFO; and its span,
 * where its trace is kept.
 */
final class AccessLogFilter implements WebFilter, Ordered {

    private static final int OK = 200;

    private final AccessLog log;
    private final RequestObserver observer;
    private final InstantSource clock;

    AccessLogFilter(AccessLog log, RequestObserver observer, InstantSource clock) {
        this.log = log;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean logged = log.isWanted();
        boolean traced = RequestContext.of(exchange).isTraceKept();
        if (!logged && !traced) {
            return chain.filter(exchange);
        }
        exchange.getResponse().beforeCommit(() -> {
            Runnable write = () -> {
                AccessLog.Line line = lineOf(exchange);
                if (logged) {
                    log.add(line);
                }
                if (traced) {
                    observer.answered(RequestContext.of(exchange), answered(line));
                }
            };
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

    private static RequestObserver.Answered answered(AccessLog.Line line) {
        return new RequestObserver.Answered(
                line.at(),
                Duration.ofNanos(line.durationNanos()),
                line.method(),
                line.route(),
                line.status(),
                line.tenant());
    }

    @Override
    public int getOrder() {
        return FilterOrder.ACCESS_LOG;
    }
}
