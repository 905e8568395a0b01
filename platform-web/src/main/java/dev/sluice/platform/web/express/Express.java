package dev.sluice.platform.web.express;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import reactor.netty.http.server.HttpServerRequest;

/** Puts the short way in front of WebFlux. */
public final class Express {

    private Express() {}

    /**
     * A server that takes some requests from Reactor Netty before WebFlux sees them.
     *
     * @param taken which: {@link PlainRequests} and what the service says of paths
     * @param last makes what stands behind the filters, of WebFlux' dispatcher
     */
    public static WebServerFactoryCustomizer<NettyReactiveWebServerFactory> inFrontOfWebFlux(
            ApplicationContext context, Predicate<HttpServerRequest> taken, UnaryOperator<WebHandler> last) {
        // The server is made before most beans, and asked after all of them.
        SingletonSupplier<ExpressLane> lane = SingletonSupplier.of(() -> laneOf(context, last));
        // No bean that provides routes: the server of the management port would take it over from this context.
        return factory -> factory.addRouteProviders(routes ->
                routes.route(taken, (request, response) -> lane.obtain().handle(request, response)));
    }

    /** Which pattern the request is counted and logged under, when it is not left to the dispatcher, which notes it itself. */
    public static void noteMatch(String pattern, ServerWebExchange exchange) {
        exchange.getAttributes().put(RequestMeters.PATTERN, pattern);
        exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
    }

    /** WebFlux' dispatcher, which notes in the context of an observation which pattern fits. */
    private static WebHandler observed(WebHandler dispatcher) {
        return exchange -> {
            exchange.getAttributes()
                    .put(
                            ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE,
                            new ServerRequestObservationContext(
                                    exchange.getRequest(), exchange.getResponse(), exchange.getAttributes()));
            return dispatcher.handle(exchange);
        };
    }

    private static ExpressLane laneOf(ApplicationContext context, UnaryOperator<WebHandler> last) {
        return new ExpressLane(
                context,
                new RequestMeters(context.getBean(MeterRegistry.class)),
                new ExpressErrors(context.getBeanProvider(WebExceptionHandler.class)
                        .orderedStream()
                        .toList()),
                context.getBeanProvider(WebFilter.class).orderedStream().toList(),
                last.apply(observed(context.getBean(DispatcherHandler.class))),
                context.getBeanProvider(HttpHandlerDecoratorFactory.class)
                        .orderedStream()
                        .toList());
    }
}
