package dev.sluice.platform.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.RequestObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Puts the spans, the errors and the audit entries of a service on the log, where it has one. */
@AutoConfiguration(after = PlatformKafkaAutoConfiguration.class)
@ConditionalOnBean(RecordPublishers.class)
class TelemetryAutoConfiguration {

    @Bean
    Telemetry telemetry(
            RecordPublishers publishers, MeterRegistry meters, @Value("${spring.application.name}") String service) {
        return TelemetryPublisher.of(
                service,
                publishers,
                kind -> meters.counter("sluice.telemetry.dropped", "kind", kind).increment());
    }

    @Bean
    RequestObserver requestTelemetry(Telemetry telemetry, InstantSource clock) {
        return new RequestTelemetry(telemetry, clock);
    }

    @Bean
    @ConditionalOnMissingBean
    AuditPublisher auditPublisher(RecordPublishers publishers, InstantSource clock) {
        return new AuditPublisher(publishers, clock, new SecureRandom());
    }

    /** Closed before the publishers are: what is logged after that is in the log alone. */
    @Bean(initMethod = "start", destroyMethod = "close")
    ErrorReporting errorReporting(Telemetry telemetry) {
        return new ErrorReporting(new ErrorAppender(telemetry));
    }

    /** Hears what all loggers are told. */
    static final class ErrorReporting {
        private final ErrorAppender appender;

        ErrorReporting(ErrorAppender appender) {
            this.appender = appender;
        }

        void start() {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                appender.setContext(context);
                appender.start();
                context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
            }
        }

        void close() {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
                appender.stop();
            }
        }
    }
}
