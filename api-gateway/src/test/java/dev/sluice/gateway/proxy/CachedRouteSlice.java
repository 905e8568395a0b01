package dev.sluice.gateway.proxy;

import dev.sluice.cache.engine.RedisClientOptions;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.Identity;
import java.util.Set;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

/** Time that stands still until a test moves it, and callers who are whom they say they are. */
@TestConfiguration(proxyBeanMethods = false)
class CachedRouteSlice {

    /** {@code tenant/key}. */
    static final String CALLER = "X-Test-Caller";

    @Bean
    FakeClock clock() {
        return FakeClock.fixed();
    }

    /** As the limits have it in the whole gateway. */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return RedisClientOptions::harden;
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter testCallers() {
        return (exchange, chain) -> {
            String caller = exchange.getRequest().getHeaders().getFirst(CALLER);
            if (caller != null) {
                String[] parts = caller.split("/", 2);
                new Identity(parts[0], parts[1], "basic", Set.of()).establish(exchange);
            }
            return chain.filter(exchange);
        };
    }
}
