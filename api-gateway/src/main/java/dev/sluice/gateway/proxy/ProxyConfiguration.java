package dev.sluice.gateway.proxy;

import dev.sluice.gateway.address.TrustedProxies;
import dev.sluice.gateway.responsecache.ResponseCache;
import dev.sluice.gateway.route.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way to customers' upstreams. */
@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {

    @Bean(destroyMethod = "close")
    Upstreams upstreams(ProxyProperties properties, Routes routes, MeterRegistry meters) {
        // Chances only, no secrets.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        Upstreams upstreams = new Upstreams(properties, new HealthChecks(random), random, meters);
        routes.onChange(upstreams);
        return upstreams;
    }

    @Bean
    Tunnels tunnels(ProxyProperties properties) {
        return new Tunnels(Math.toIntExact(properties.maxFrame().toBytes()));
    }

    @Bean
    ProxyFilter proxyFilter(Upstreams upstreams, TrustedProxies trusted, Tunnels tunnels, ResponseCache cache) {
        return new ProxyFilter(new ProxyHandler(upstreams, trusted, tunnels, cache));
    }
}
