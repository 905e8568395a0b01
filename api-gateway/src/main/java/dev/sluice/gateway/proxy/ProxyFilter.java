package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.RouteHit;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Leads requests that were found to have a route to its upstream, once all other filters let them pass. Not a handler:
 * Spring's dispatcher would answer CORS preflights in the upstream's stead.
 */
final class ProxyFilter implements WebFilter, Ordered {

    private final ProxyHandler handler;

    ProxyFilter(ProxyHandler handler) {
        this.handler = handler;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<RouteHit> hit = RouteHit.of(exchange);
        if (hit.isEmpty()) {
            return chain.filter(exchange);
        }
        exchange.getAttributes()
                .put(
                        HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE,
                        hit.get().route().match().path());
        return handler.handle(exchange, hit.get());
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
