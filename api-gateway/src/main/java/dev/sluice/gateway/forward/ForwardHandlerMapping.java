package dev.sluice.gateway.forward;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Leads requests to the internal services past the controllers, by one look into {@link InternalRoutes}. */
final class ForwardHandlerMapping extends AbstractHandlerMapping {

    private final InternalRoutes routes;
    private final Forwarder forwarder;

    ForwardHandlerMapping(InternalRoutes routes, Forwarder forwarder) {
        this.routes = routes;
        this.forwarder = forwarder;
        // Before the annotated controllers, which stand at 0 and would decode the path first.
        setOrder(-1);
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        return Mono.justOrEmpty(routes.find(rawPath(exchange)).map(route -> {
            exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, route.pattern());
            return (WebHandler) handled -> forwarder.forward(handled, route);
        }));
    }

    private static String rawPath(ServerWebExchange exchange) {
        HttpServerRequest request = ((AbstractServerHttpRequest) exchange.getRequest()).getNativeRequest();
        String target = request.uri();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
