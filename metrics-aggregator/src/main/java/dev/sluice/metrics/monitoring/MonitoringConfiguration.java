package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.topology.CacheStatsTopology;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the checks. Another bean of their type is asked as well. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {
    @Bean
    MonitoredCheck kafkaCheck(FreshnessMonitor monitor, InstantSource clock) {
        return PlatformChecks.kafka(monitor, CacheStatsTopology.inputTopic(), clock);
    }

    @Bean
    MonitoredCheck windowsCheck(StreamsRunner runner) {
        return PlatformChecks.windows(runner);
    }

    @Bean
    MonitoredCheck lagCheck(FreshnessMonitor monitor, InstantSource clock) {
        return PlatformChecks.lag(monitor, CacheStatsTopology.inputTopic(), clock);
    }

    @Bean
    MonitoredCheck diskCheck(StreamsProperties properties) {
        return PlatformChecks.disk(Path.of(String.valueOf(properties.stateDir())));
    }

    @Bean
    MonitoredCheck memoryCheck() {
        return PlatformChecks.memory(Runtime.getRuntime());
    }
}
