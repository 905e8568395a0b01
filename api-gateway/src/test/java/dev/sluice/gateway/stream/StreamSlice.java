package dev.sluice.gateway.stream;

import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.Identity;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The streams alone, on the platform; everybody is who the header {@code Tenant} says. */
@EnableAutoConfiguration
@EnableConfigurationProperties(StreamProperties.class)
@Import({StreamConfiguration.class, StreamController.class, StreamSlice.TenantOfHeader.class})
class StreamSlice {

    static final class TenantOfHeader implements WebFilter, Ordered {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            String tenant = exchange.getRequest().getHeaders().getFirst("Tenant");
            if (tenant != null) {
                new Identity(tenant, "key-of-" + tenant, "free", Set.of("events:read")).establish(exchange);
            }
            return chain.filter(exchange);
        }

        @Override
        public int getOrder() {
            return FilterOrder.AUTHENTICATION;
        }
    }
}
