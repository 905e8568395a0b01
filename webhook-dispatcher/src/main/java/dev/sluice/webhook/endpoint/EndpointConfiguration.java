package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.webhook.secret.SecretKeyring;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the endpoints. */
@Configuration(proxyBeanMethods = false)
class EndpointConfiguration {

    @Bean
    EndpointTable endpointTable(LogTables tables) {
        return EndpointTable.over(tables);
    }

    @Bean
    Endpoints endpoints(EndpointTable table, SecretKeyring keyring, InstantSource clock) {
        return new Endpoints(table, keyring, clock, new SecureRandom());
    }

    @Bean
    EndpointDisabler endpointDisabler(EndpointTable table, InstantSource clock) {
        return new EndpointDisabler(table, clock);
    }
}
