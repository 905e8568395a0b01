package dev.sluice.gateway.audit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.telemetry.AuditPublisher;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the audit log. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditPublisher auditPublisher(RecordPublishers publishers, ClientAddresses addresses, InstantSource clock) {
        return new AuditPublisher(
                publishers,
                exchange -> addresses.of(exchange.getRequest()).map(InetAddress::getHostAddress),
                clock,
                new SecureRandom());
    }
}
