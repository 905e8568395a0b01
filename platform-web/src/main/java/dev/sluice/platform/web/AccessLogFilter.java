package dev.sluice.platform.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** One structured line for each request, on the logger named access; off when that logger is above INFO. */
final class AccessLogFilter implements WebFilter, Ordered {

    private static final Logger ACCESS = LoggerFactory.getLogger("access");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!ACCESS.isInfoEnabled()) {
            return chain.filter(exchange);
        }
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> log(exchange)));
        return chain.filter(exchange);
    }

    /** Values stand in fields of their own, which the formatter escapes: nothing that was sent can forge a line. */
    private static void log(ServerWebExchange exchange) {
        RequestContext context = RequestContext.of(exchange);
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        LoggingEventBuilder line = ACCESS.atInfo()
                .addKeyValue(
                        "http.request.method", exchange.getRequest().getMethod().name())
                .addKeyValue("url.path", exchange.getRequest().getURI().getRawPath())
                .addKeyValue("http.response.status_code", status == null ? 200 : status.value())
                .addKeyValue("event.duration", System.nanoTime() - context.startedNanos())
                .addKeyValue("http.request.id", context.requestId())
                .addKeyValue("trace.id", context.traceId());
        if (pattern != null) {
            line = line.addKeyValue("http.route", pattern.toString());
        }
        if (Identity.isKnown(exchange)) {
            Identity identity = Identity.of(exchange);
            line = line.addKeyValue("tenant", identity.tenant()).addKeyValue("key.id", identity.keyId());
        }
        line.log("request");
    }

    @Override
    public int getOrder() {
        return FilterOrder.ACCESS_LOG;
    }
}
