package dev.sluice.gateway.access;

import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.ManagementPort;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Joins a request to the trail that its connection began. */
final class AccessFilter implements WebFilter, Ordered {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean isOurs = !ManagementPort.serves(exchange);
        if (isOurs && ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof Connection from) {
            RequestTrail trail = TrailHandler.current(from.channel());
            if (trail != null) {
                trail.follow(exchange);
            }
        }
        return chain.filter(exchange);
    }

    /** Before all that may refuse a request. */
    @Override
    public int getOrder() {
        return FilterOrder.REQUEST_CONTEXT - 1;
    }
}
