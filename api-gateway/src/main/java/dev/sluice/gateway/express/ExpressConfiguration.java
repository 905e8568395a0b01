package dev.sluice.gateway.express;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;

/** Puts the short way in front of WebFlux. */
@Configuration(proxyBeanMethods = false)
public class ExpressConfiguration {

    /** Not a route provider itself: the server of the management port would take it over from this context. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> expressRoutes(ApplicationContext context) {
        // The server is made before most beans, and asked after all of them.
        SingletonSupplier<ExpressLane> lane = SingletonSupplier.of(() -> laneOf(context));
        return factory -> factory.addRouteProviders(routes -> routes.route(
                PlainRequests::contain, (request, response) -> lane.obtain().handle(request, response)));
    }

    private static ExpressLane laneOf(ApplicationContext context) {
        return new ExpressLane(
                context,
                new RequestMeters(context.getBean(MeterRegistry.class)),
                new ExpressErrors(context.getBeanProvider(WebExceptionHandler.class)
                        .orderedStream()
                        .toList()),
                context.getBeanProvider(WebFilter.class).orderedStream().toList(),
                context.getBean(DispatcherHandler.class),
                context.getBeanProvider(HttpHandlerDecoratorFactory.class)
                        .orderedStream()
                        .toList());
    }
}
