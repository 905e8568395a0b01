package dev.sluice.metrics.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AnomalyPropertiesTest {
    private static final String PREFIX = "sluice.metrics.anomalies";

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(
                        new AnomalyProperties(true, Duration.ofMinutes(2), Duration.ofMinutes(10), 0.25, 50, 2000, 20));
    }

    @Test
    void fullMapping() {
        assertThat(bind(Map.of(
                        PREFIX + ".enabled", "false",
                        PREFIX + ".every", "30s",
                        PREFIX + ".hold", "0s",
                        PREFIX + ".margin", "0.5",
                        PREFIX + ".per-tenant", "7",
                        PREFIX + ".in-all", "8",
                        PREFIX + ".standing", "9")))
                .isEqualTo(new AnomalyProperties(false, Duration.ofSeconds(30), Duration.ZERO, 0.5, 7, 8, 9));
    }

    @ParameterizedTest
    @CsvSource({"every, 0s", "hold, -1s", "margin, 0.95", "margin, NaN", "per-tenant, 0", "in-all, 49", "standing, 0"})
    void refusesWhatMakesNoSense(String property, String value) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + property, value)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(PREFIX + "." + property);
    }

    private static AnomalyProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(PREFIX, AnomalyProperties.class);
    }
}
