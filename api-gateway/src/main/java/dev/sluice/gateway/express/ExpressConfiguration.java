package dev.sluice.gateway.express;

import dev.sluice.platform.web.express.Express;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the short way in front of WebFlux. */
@Configuration(proxyBeanMethods = false)
public class ExpressConfiguration {

    /** What is no route's after all is left to WebFlux' dispatcher. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> expressRoutes(ApplicationContext context) {
        return Express.inFrontOfWebFlux(context, RoutedRequests::contain, dispatcher -> dispatcher);
    }
}
