package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.secret.SecretKeyring;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
    KeySource keySource() {
        return new KeySource(new SecureRandom());
    }

    @Bean
    EndpointBuilder endpointBuilder(SecretKeyring keyring, KeySource keys, InstantSource clock) {
        return new EndpointBuilder(keyring, keys, clock);
    }

    @Bean
    Reseals reseals(EndpointTable table, SecretKeyring keyring, InstantSource clock, MeterRegistry meters) {
        Reseals reseals = new Reseals(table, keyring, clock);
        Gauge.builder("sluice.webhook.seals.old", reseals, Reseals::waiting)
                .description("Webhooks that keep something that an older key has sealed")
                .register(meters);
        return reseals;
    }

    @Bean
    SealsEndpoint sealsEndpoint(Reseals reseals) {
        return new SealsEndpoint(reseals);
    }

    @Bean
    PublicKeys publicKeys(EndpointTable table, SecretKeyring keyring, InstantSource clock) {
        return new PublicKeys(table, keyring, clock);
    }

    @Bean
    Endpoints endpoints(EndpointTable table, EndpointBuilder builder, InstantSource clock) {
        return new Endpoints(table, builder, clock, new SecureRandom());
    }

    @Bean
    EndpointChanges endpointChanges(
            EndpointTable table, Endpoints endpoints, EndpointBuilder builder, UrlRules rules, InstantSource clock) {
        return new EndpointChanges(table, endpoints, builder, rules, clock);
    }

    @Bean
    EndpointSecrets endpointSecrets(
            Endpoints endpoints,
            EndpointChanges changes,
            SecretKeyring keyring,
            PublicKeys publicKeys,
            KeySource keys,
            InstantSource clock) {
        return new EndpointSecrets(endpoints, changes, keyring, publicKeys, keys, clock);
    }

    @Bean
    EndpointDisabler endpointDisabler(EndpointTable table, InstantSource clock) {
        return new EndpointDisabler(table, clock);
    }
}
