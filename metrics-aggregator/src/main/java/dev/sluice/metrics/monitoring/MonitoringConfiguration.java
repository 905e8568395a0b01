package dev.sluice.metrics.monitoring;

import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.telemetry.health.HealthCheck;
import dev.sluice.platform.telemetry.health.HealthCheckProperties;
import dev.sluice.platform.telemetry.health.MachineChecks;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the checks of the aggregator itself, and hears of those of all services. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MonitoringProperties.class)
class MonitoringConfiguration {

    private static final int MAX_INSTANCES = 1_000;

    @Bean
    InstanceReports instanceReports(MonitoringProperties properties) {
        return new InstanceReports(MAX_INSTANCES, properties.missed());
    }

    @Bean
    HealthListener healthListener(
            LogFollowers followers, InstanceReports reports, MonitoringProperties properties, InstantSource clock) {
        return new HealthListener(followers, reports, properties.missed(), clock);
    }

    /** In place of the usual one: it is asked every second here as it is. */
    @Bean
    HealthCheck kafkaHealthCheck(FreshnessMonitor monitor, InstantSource clock) {
        return PlatformChecks.kafka(monitor, CacheStatsTopology.inputTopic(), clock);
    }

    @Bean
    HealthCheck windowsHealthCheck(StreamsRunner runner) {
        return PlatformChecks.windows(runner);
    }

    @Bean
    HealthCheck lagHealthCheck(FreshnessMonitor monitor, InstantSource clock) {
        return PlatformChecks.lag(monitor, CacheStatsTopology.inputTopic(), clock);
    }

    /** In place of the usual one: of the folder for its state. */
    @Bean
    HealthCheck diskHealthCheck(StreamsProperties streams, HealthCheckProperties properties) {
        return MachineChecks.disk(Path.of(String.valueOf(streams.stateDir())), properties.diskFree());
    }
}
