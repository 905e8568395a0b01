package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties as they are spelled in configuration. */
class EgressPropertiesTest {

    @Test
    void byDefaultOnlyThePublicInternetIsReached() {
        assertThat(bind(Map.of()))
                .isEqualTo(new EgressProperties(
                        List.of(),
                        List.of(),
                        Set.of(443, 8443),
                        Set.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        20));
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, String> properties = Map.of(
                "sluice.webhook.egress.allow-cidrs", "127.0.0.0/8,::1/128",
                "sluice.webhook.egress.deny-cidrs", "8.8.8.0/24",
                "sluice.webhook.egress.allow-ports", "443",
                "sluice.webhook.egress.own-hosts", "api.example.com",
                "sluice.webhook.egress.connect-timeout", "1s",
                "sluice.webhook.egress.response-timeout", "2s",
                "sluice.webhook.egress.total-timeout", "3s",
                "sluice.webhook.egress.max-connections-per-host", "4");

        assertThat(bind(properties))
                .isEqualTo(new EgressProperties(
                        List.of("127.0.0.0/8", "::1/128"),
                        List.of("8.8.8.0/24"),
                        Set.of(443),
                        Set.of("api.example.com"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        4));
    }

    @ParameterizedTest
    @CsvSource({
        "connect-timeout, 0s",
        "response-timeout, -1s",
        "total-timeout, 0ms",
        "allow-ports, 0",
        "allow-ports, 65536",
        "max-connections-per-host, 0",
    })
    void whatCannotBeIsRefusedByItsName(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("sluice.webhook.egress." + name, value)))
                .rootCause()
                .hasMessageContaining("sluice.webhook.egress." + name);
    }

    private static EgressProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.egress", EgressProperties.class);
    }
}
