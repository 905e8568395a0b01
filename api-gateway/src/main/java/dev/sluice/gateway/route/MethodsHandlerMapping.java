package dev.sluice.gateway.route;

import dev.sluice.platform.web.ProblemException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Says which methods a path takes when there are routes for it, but none for the method of the request. */
final class MethodsHandlerMapping extends AbstractHandlerMapping {

    private final Routes routes;

    MethodsHandlerMapping(Routes routes) {
        this.routes = routes;
        // After the controllers, which stand at 0: what they answer is no business of routes.
        setOrder(1);
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        if (RouteHit.of(exchange).isPresent()) {
            return Mono.empty();
        }
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        Set<HttpMethod> allowed = routes.index()
                .allowedMethods(
                        host == null ? "" : host,
                        request.getPath().pathWithinApplication().value(),
                        request.getHeaders());
        return allowed.isEmpty() || allowed.contains(request.getMethod())
                ? Mono.empty()
                : Mono.error(ProblemException.methodNotAllowed(allowed));
    }
}
