package dev.sluice.gateway.route;

import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.ManagementPort;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Finds the route of a request, once: what comes after it asks {@link RouteHit#of}. */
final class RouteFilter implements WebFilter, Ordered {

    private final Routes routes;

    RouteFilter(Routes routes) {
        this.routes = routes;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!ManagementPort.serves(exchange)) {
            ServerHttpRequest request = exchange.getRequest();
            String host = request.getHeaders().getFirst(HttpHeaders.HOST);
            routes.index()
                    .find(
                            host == null ? "" : host,
                            request.getPath().pathWithinApplication().value(),
                            request.getMethod(),
                            request.getHeaders())
                    .ifPresent(hit -> hit.establish(exchange));
        }
        return chain.filter(exchange);
    }

    /** After what refuses paths that mean two things, before all that depends on the route. */
    @Override
    public int getOrder() {
        return FilterOrder.ROUTE;
    }
}
