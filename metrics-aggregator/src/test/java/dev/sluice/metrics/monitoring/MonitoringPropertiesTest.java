package dev.sluice.metrics.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MonitoringPropertiesTest {

    @Test
    void hasUsableDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new MonitoringProperties(
                        List.of("api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator"),
                        Duration.ofMinutes(10)));
    }

    @Test
    void mapsEveryProperty() {
        assertThat(bind(Map.of("sluice.metrics.monitoring.services", "a,b", "sluice.metrics.monitoring.missed", "1m")))
                .isEqualTo(new MonitoringProperties(List.of("a", "b"), Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "61m"})
    void refusesToMissForNoTimeOrLongerThanTheLog(String missed) {
        assertThatThrownBy(() -> bind(Map.of("sluice.metrics.monitoring.missed", missed)))
                .rootCause()
                .hasMessageContaining("sluice.metrics.monitoring.missed");
    }

    private static MonitoringProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.metrics.monitoring", MonitoringProperties.class);
    }
}
