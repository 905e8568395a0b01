package dev.sluice.gateway.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the routes. */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

    @Bean
    Routes routes() {
        return new Routes();
    }
}
