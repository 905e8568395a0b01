package dev.sluice.gateway.route;

import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.platform.web.PassedOnBody;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * The route of a request.
 *
 * @param pathVariables the decoded segments that the variables of its path stand for, by name
 */
public record RouteHit(Route route, Map<String, String> pathVariables) {

    private static final String ATTRIBUTE = RouteHit.class.getName();

    /** The route that the request was found to have before it was let in. */
    public static Optional<RouteHit> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** What limits are given for: the group of the route, else that of the platform's own path. */
    public static String groupOf(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return of(exchange)
                .map(hit -> hit.route.limitGroup())
                .orElseGet(() -> RouteGroups.groupOf(
                        request.getMethod(), request.getPath().pathWithinApplication()));
    }

    void establish(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
        // Its route bounds the body, and its upstream knows what coding it takes.
        PassedOnBody.mark(exchange);
    }
}
