package dev.sluice.cache.origin;

import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.web.InternalProperties;
import dev.sluice.platform.web.egress.EgressClients;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import java.security.SecureRandom;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way to origins. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OriginProperties.class)
class OriginConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(OriginConfiguration.class);

    /** The longest that a namespace may be patient; each request has a shorter one of its own. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Bean
    EgressPolicy originPolicy(OriginProperties properties) {
        if (!properties.allowCidrs().isEmpty()) {
            LOG.warn(
                    "origins may be at {} and use http there: sluice.cache.origin.allow-cidrs is for development",
                    properties.allowCidrs());
        }
        return EgressPolicy.ofThisMachine(properties.allowCidrs());
    }

    @Bean
    UrlRules originRules(EgressPolicy policy, OriginProperties properties) {
        return new UrlRules(policy, properties.allowPorts(), properties.ownHosts());
    }

    @Bean
    OriginHeaders originHeaders(OriginProperties properties, InternalProperties internal) {
        return new OriginHeaders(new Keyring(properties.sealingKeys(internal.secret()), new SecureRandom()));
    }

    @Bean
    Origins origins(UrlRules rules, OriginHeaders headers) {
        return new Origins(rules, headers);
    }

    @Bean
    OriginClient originClient(EgressPolicy policy, UrlRules rules, OriginHeaders headers, OriginProperties properties) {
        EgressClients.Patience patience = new EgressClients.Patience(
                "origins", properties.connectTimeout(), LONGEST, LONGEST, properties.maxConnectionsPerHost());
        return new OriginClient(rules, headers, new EgressClients(policy, patience));
    }
}
