package dev.sluice.gateway.proxy;

import dev.sluice.gateway.address.TrustedProxies;
import dev.sluice.gateway.express.ExpressConfiguration;
import dev.sluice.gateway.responsecache.ResponseCacheConfiguration;
import dev.sluice.gateway.route.RouteFixture;
import dev.sluice.gateway.route.Routes;
import java.util.Arrays;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The way to upstreams alone, on routes that each test sets. */
@EnableAutoConfiguration
@EnableConfigurationProperties(ProxyProperties.class)
@Import({ProxyConfiguration.class, ExpressConfiguration.class, ResponseCacheConfiguration.class})
class ProxySlice {

    @Bean
    Routes routes() {
        return new Routes();
    }

    @Bean
    RouteFixture routeFixture(Routes routes) {
        return new RouteFixture(routes);
    }

    @Bean
    TrustedProxies trustedProxies(@Value("${test.trusted:}") String[] ranges) {
        return new TrustedProxies(Arrays.asList(ranges));
    }
}
