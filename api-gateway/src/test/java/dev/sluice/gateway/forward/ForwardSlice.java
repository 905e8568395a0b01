package dev.sluice.gateway.forward;

import dev.sluice.gateway.address.Addresses;
import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.Identity;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The way to the services alone; whoever does not say {@code X-Nobody} is tenant {@code acme}. */
@EnableAutoConfiguration(excludeName = "dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration")
@EnableConfigurationProperties({ForwardProperties.class, ServiceProperties.class})
@Import({ForwardConfiguration.class, ForwardSlice.EverybodyIsAcme.class})
class ForwardSlice {

    static final Identity ACME = new Identity("acme", "key-1", "free", Set.of("cache:read", "cache:write"));

    @Bean
    ClientAddresses clientAddresses() {
        return Addresses.trusting("127.0.0.0/8");
    }

    static final class EverybodyIsAcme implements WebFilter, Ordered {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            if (exchange.getRequest().getHeaders().getFirst("X-Nobody") == null) {
                ACME.establish(exchange);
            }
            return chain.filter(exchange);
        }

        @Override
        public int getOrder() {
            return FilterOrder.AUTHENTICATION;
        }
    }
}
