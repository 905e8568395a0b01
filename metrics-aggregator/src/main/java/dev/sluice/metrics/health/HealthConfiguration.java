package dev.sluice.metrics.health;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the rules. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HealthProperties.class)
class HealthConfiguration {

    @Bean
    CacheHealthRules cacheHealthRules(HealthProperties properties) {
        return new CacheHealthRules(properties.cache());
    }

    @Bean
    TrafficHealthRules trafficHealthRules(HealthProperties properties) {
        return new TrafficHealthRules(properties.requests());
    }
}
