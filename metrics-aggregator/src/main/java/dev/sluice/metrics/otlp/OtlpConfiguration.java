package dev.sluice.metrics.otlp;

import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.platform.kafka.RecordListenerContainers;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Begins to hand on where a collector is named; else there is neither a connection nor a consumer. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OtlpProperties.class)
class OtlpConfiguration {

    /** Decided when the process starts, not when it is built. */
    record Export(boolean isOn) {}

    @Bean
    Export otlpExport(
            OtlpProperties properties,
            StreamsProperties streams,
            RecordListenerContainers containers,
            MeterRegistry meters) {
        properties.traces().ifPresent(url -> start(url, properties, streams, containers, meters));
        return new Export(properties.traces().isPresent());
    }

    private static void start(
            URI url,
            OtlpProperties properties,
            StreamsProperties streams,
            RecordListenerContainers containers,
            MeterRegistry meters) {
        OtlpListener.listen(
                containers,
                streams.applicationId() + "-otlp",
                new OtlpCollector(url, properties.headerValues(), properties.timeout(), meters));
    }
}
