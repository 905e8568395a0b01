package dev.sluice.webhook.audit;

import dev.sluice.platform.kafka.RecordPublishers;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the audit log. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditPublisher auditPublisher(RecordPublishers publishers, InstantSource clock) {
        return new AuditPublisher(publishers, clock, new SecureRandom());
    }
}
