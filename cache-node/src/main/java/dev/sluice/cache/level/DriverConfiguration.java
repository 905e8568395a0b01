package dev.sluice.cache.level;

import dev.sluice.cache.engine.RedisClientOptions;
import dev.sluice.cache.engine.SteadyReads;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sets the driver of Redis up as the engine wants it, whoever wires a cache over it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LevelProperties.class)
public class DriverConfiguration {

    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return RedisClientOptions::harden;
    }

    @Bean
    ClientResourcesBuilderCustomizer steadyReads() {
        return resources -> resources.nettyCustomizer(new SteadyReads());
    }
}
