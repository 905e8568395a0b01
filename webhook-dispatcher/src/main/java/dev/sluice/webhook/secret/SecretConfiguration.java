package dev.sluice.webhook.secret;

import java.security.SecureRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the keyring. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecretProperties.class)
class SecretConfiguration {

    @Bean
    SecretKeyring secretKeyring(SecretProperties properties) {
        return new SecretKeyring(properties.keysById(), new SecureRandom());
    }
}
