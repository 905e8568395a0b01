package dev.sluice.gateway.route;

import dev.sluice.platform.web.FilterOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Routes as a test wants them: each by the first segment of its paths, which is the route's id. */
public final class RouteFixture implements WebFilter, Ordered {

    private final Routes routes;

    public RouteFixture(Routes routes) {
        this.routes = routes;
    }

    /** From now on, these alone. */
    public void set(Route... all) {
        Map<String, Route> byId = new LinkedHashMap<>();
        for (Route route : all) {
            byId.put(route.id(), route);
        }
        routes.replace(byId, routes.index());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String[] segments = exchange.getRequest().getURI().getRawPath().split("/", -1);
        Route route = segments.length > 1 ? routes.all().get(segments[1]) : null;
        if (route != null) {
            new RouteHit(route, Map.of()).establish(exchange);
        }
        return chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return FilterOrder.ROUTE;
    }
}
