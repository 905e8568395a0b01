package dev.sluice.metrics.streams;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.TopicProvisioner;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the topologies to the one client that runs them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StreamsProperties.class, TopologyProperties.class, UsageProperties.class})
class StreamsConfiguration {
    @Bean
    AggregationCounters aggregationCounters(MeterRegistry registry) {
        return new AggregationCounters(registry);
    }

    @Bean
    StreamsRunner streamsRunner(
            TopicProvisioner topics,
            KafkaClients clients,
            StreamsProperties streamsProperties,
            TopologyProperties topologyProperties,
            UsageProperties usageProperties,
            AggregationCounters counters,
            InstanceAddress address,
            MeterRegistry registry,
            InstantSource clock) {
        Properties settings =
                StreamsSettings.of(clients, streamsProperties, CacheStatsTopology.streamsProperties(counters));
        return new StreamsRunner(
                topics::ready,
                () -> {
                    HostInfo self = address.find();
                    return new RunningStreams(
                            new KafkaStreams(
                                    AggregatorTopology.of(topologyProperties, usageProperties, clock, counters),
                                    StreamsSettings.at(self, settings)),
                            self,
                            registry);
                },
                clock);
    }

    @Bean
    InstanceAddress instanceAddress(StreamsProperties properties, Environment environment) {
        return new InstanceAddress(properties.host(), environment);
    }

    @Bean
    StreamsHealthIndicator streamsHealthIndicator(StreamsRunner runner) {
        return new StreamsHealthIndicator(runner);
    }
}
