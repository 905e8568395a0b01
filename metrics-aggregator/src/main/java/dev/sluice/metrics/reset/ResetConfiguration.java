package dev.sluice.metrics.reset;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.telemetry.AuditPublisher;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the marks, and who is told of them. */
@Configuration(proxyBeanMethods = false)
class ResetConfiguration {

    @Bean
    ResetTable resetTable(LogTables tables) {
        return ResetTable.over(tables);
    }

    @Bean
    AuditPublisher auditPublisher(RecordPublishers publishers, InstantSource clock) {
        return new AuditPublisher(publishers, clock, new SecureRandom());
    }
}
