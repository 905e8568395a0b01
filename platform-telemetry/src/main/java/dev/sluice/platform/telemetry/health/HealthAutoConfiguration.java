package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration;
import dev.sluice.platform.kafka.RecordPublishers;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Makes the checks that every service has, and those that it registers as beans. A bean of the same name takes the place of one of these. */
@AutoConfiguration(after = PlatformKafkaAutoConfiguration.class)
@ConditionalOnBean(RecordPublishers.class)
@EnableConfigurationProperties(HealthCheckProperties.class)
class HealthAutoConfiguration {

    @Bean
    KafkaChecks kafkaChecks(KafkaClients clients, HealthCheckProperties properties, InstantSource clock) {
        return new KafkaChecks(clients, properties, clock);
    }

    @Bean
    @ConditionalOnMissingBean(name = "kafkaHealthCheck")
    HealthCheck kafkaHealthCheck(KafkaChecks kafka) {
        return kafka.cluster();
    }

    @Bean
    @ConditionalOnMissingBean(name = "diskHealthCheck")
    HealthCheck diskHealthCheck(HealthCheckProperties properties) {
        return MachineChecks.disk(Path.of(String.valueOf(properties.diskFolder())), properties.diskFree());
    }

    @Bean
    @ConditionalOnMissingBean(name = "memoryHealthCheck")
    HealthCheck memoryHealthCheck(HealthCheckProperties properties) {
        return MachineChecks.memory(properties.heapUsed());
    }

    @Bean
    HealthRounds healthRounds(
            List<HealthCheck> checks,
            RecordPublishers publishers,
            HealthCheckProperties properties,
            InstantSource clock,
            MeterRegistry meters,
            @Value("${spring.application.name}") String service) {
        // Another one at each start, so that the farewell of the last one is never this one's.
        String instance = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        return new HealthRounds(
                service,
                instance,
                checks,
                properties.pace(),
                new HealthPublisher(publishers),
                clock,
                System::nanoTime,
                meters);
    }
}
