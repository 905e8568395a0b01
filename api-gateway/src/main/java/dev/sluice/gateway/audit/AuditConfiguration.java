package dev.sluice.gateway.audit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.kafka.RecordPublishers;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the audit log. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditPublisher auditPublisher(RecordPublishers publishers, ClientAddresses addresses, InstantSource clock) {
        return new AuditPublisher(publishers, addresses, clock, new SecureRandom());
    }
}
