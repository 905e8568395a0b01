package dev.sluice.metrics.query;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams of windows. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveProperties.class)
class LiveConfiguration {

    @Bean
    LiveStreams liveStreams(LiveProperties properties, MeterRegistry meters) {
        LiveStreams streams = new LiveStreams(properties.perTenant(), properties.inAll());
        Gauge.builder("sluice.metrics.live.streams", streams, LiveStreams::size)
                .description("Streams of windows that are open")
                .register(meters);
        return streams;
    }
}
