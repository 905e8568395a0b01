package dev.sluice.webhook.egress;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the client and its rules. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EgressProperties.class)
class EgressConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EgressConfiguration.class);

    @Bean
    EgressPolicy egressPolicy(EgressProperties properties) {
        if (!properties.allowCidrs().isEmpty()) {
            LOG.warn(
                    "webhooks may go to {} and use http there: sluice.webhook.egress.allow-cidrs is for development",
                    properties.allowCidrs());
        }
        return EgressPolicy.ofThisMachine(properties.allowCidrs()).without(properties.denyCidrs());
    }

    @Bean
    UrlRules urlRules(EgressPolicy policy, EgressProperties properties) {
        return new UrlRules(policy, properties.allowPorts(), properties.ownHosts());
    }

    @Bean
    WebhookClient webhookClient(EgressPolicy policy, UrlRules rules, EgressProperties properties) {
        return new WebhookClient(policy, rules, properties);
    }
}
