package dev.sluice.webhook.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HealthPropertiesTest {

    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(new HealthProperties(Duration.ofDays(5), 20));
    }

    @Test
    void mapsAllProperties() {
        assertThat(bind(Map.of(
                        "sluice.webhook.health.disable-after", "0s",
                        "sluice.webhook.health.disable-after-attempts", "3")))
                .isEqualTo(new HealthProperties(Duration.ZERO, 3));
    }

    @ParameterizedTest
    @CsvSource({"disable-after, -1s", "disable-after-attempts, 0"})
    void refusesWhatCannotBe(String property, String value) {
        String name = "sluice.webhook.health." + property;

        assertThatThrownBy(() -> bind(Map.of(name, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining(name);
    }

    private static HealthProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.health", HealthProperties.class);
    }
}
