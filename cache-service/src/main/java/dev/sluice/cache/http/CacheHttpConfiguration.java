package dev.sluice.cache.http;

import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.platform.web.WebProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the HTTP side needs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheHttpProperties.class)
class CacheHttpConfiguration {

    @Bean
    BoundedBodies valueBodies(WebProperties web, CacheHttpProperties properties, MeterRegistry meters) {
        ByteBudget budget = new ByteBudget(properties.maxBytesInFlight().toBytes());
        Gauge.builder("sluice.cache.http.in.flight", budget, ByteBudget::used)
                .baseUnit("bytes")
                .description("Bytes of values between their arrival and their answer")
                .register(meters);
        return new BoundedBodies(
                budget,
                Math.toIntExact(web.maxBodySize().toBytes()),
                web.bodyTimeout(),
                "store larger values elsewhere and cache a link");
    }
}
