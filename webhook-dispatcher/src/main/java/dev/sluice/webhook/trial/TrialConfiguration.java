package dev.sluice.webhook.trial;

import dev.sluice.webhook.delivery.Sender;
import dev.sluice.webhook.endpoint.Endpoints;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires test events. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrialProperties.class)
class TrialConfiguration {

    @Bean
    Trials trials(Endpoints endpoints, Sender sender, TrialProperties properties, InstantSource clock) {
        return new Trials(endpoints, sender, properties, clock);
    }
}
