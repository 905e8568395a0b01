package dev.sluice.platform.web;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** One structured line for each request in the access log; off when the logger named access is above INFO. */
final class AccessLogFilter implements WebFilter, Ordered {

    private static final int MOST_FIELDS = 9;

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
            Runnable write = () -> log.add(new AccessLog.Line(clock.instant(), fieldsOf(exchange)));
            AccessLine.of(exchange).ifPresentOrElse(held -> held.keep(write), write);
            return Mono.empty();
        });
        return chain.filter(exchange);
    }

    /** Values stand in fields of their own, which the formatter escapes: nothing that was sent can forge a line. */
    private static List<KeyValuePair> fieldsOf(ServerWebExchange exchange) {
        RequestContext context = RequestContext.of(exchange);
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        List<KeyValuePair> fields = new ArrayList<>(MOST_FIELDS);
        fields.add(new KeyValuePair(
                "http.request.method", exchange.getRequest().getMethod().name()));
        fields.add(new KeyValuePair(
                "url.path", SecretMask.mask(exchange.getRequest().getPath().value())));
        fields.add(new KeyValuePair("http.response.status_code", status == null ? 200 : status.value()));
        fields.add(new KeyValuePair("event.duration", System.nanoTime() - context.startedNanos()));
        fields.add(new KeyValuePair("http.request.id", context.requestId()));
        fields.add(new KeyValuePair("trace.id", context.traceId()));
        if (pattern != null) {
            fields.add(new KeyValuePair("http.route", pattern.toString()));
        }
        if (Identity.isKnown(exchange)) {
            Identity identity = Identity.of(exchange);
            fields.add(new KeyValuePair("tenant", identity.tenant()));
            fields.add(new KeyValuePair("key.id", identity.keyId()));
        }
        return fields;
    }

    @Override
    public int getOrder() {
        return FilterOrder.ACCESS_LOG;
    }
}
