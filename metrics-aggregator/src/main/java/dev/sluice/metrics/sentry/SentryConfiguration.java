package dev.sluice.metrics.sentry;

import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.platform.kafka.RecordListenerContainers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Begins to hand on where a project is named; else there is neither a connection nor a consumer. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SentryProperties.class)
class SentryConfiguration {

    /** Decided when the process starts, not when it is built. */
    record Export(boolean isOn) {}

    @Bean
    Export sentryExport(
            SentryProperties properties,
            StreamsProperties streams,
            RecordListenerContainers containers,
            InstantSource clock,
            MeterRegistry meters) {
        properties
                .project()
                .ifPresent(dsn -> SentryListener.listen(
                        containers,
                        streams.applicationId() + "-sentry",
                        new SentryEnvelope(properties),
                        new SentryProject(dsn, properties.timeout(), clock, meters),
                        clock));
        return new Export(properties.project().isPresent());
    }
}
