package dev.sluice.gateway.address;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what is known of addresses. */
@Configuration(proxyBeanMethods = false)
class AddressConfiguration {

    @Bean
    TrustedProxies trustedProxies(AddressProperties properties) {
        return new TrustedProxies(properties.trustedProxies());
    }

    @Bean
    ClientAddresses clientAddresses(TrustedProxies trusted) {
        return new ClientAddresses(trusted);
    }
}
