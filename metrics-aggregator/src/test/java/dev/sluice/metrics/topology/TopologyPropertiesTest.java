package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopologyPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(TopologyHarness.PROPERTIES);
        assertThat(bind(Map.of()).levels()).hasSize(4);
    }

    @Test
    void takesEveryProperty() {
        assertThat(bind(Map.of(
                        "sluice.metrics.topology.grace", "1m",
                        "sluice.metrics.topology.retention", "26h",
                        "sluice.metrics.topology.hours-kept", "7d",
                        "sluice.metrics.topology.days-kept", "90d",
                        "sluice.metrics.topology.clock-tolerance", "10s",
                        "sluice.metrics.topology.patterns-per-tenant", "50",
                        "sluice.metrics.topology.patterns-in-all", "60")))
                .isEqualTo(new TopologyProperties(
                        Duration.ofMinutes(1),
                        Duration.ofHours(26),
                        Duration.ofDays(7),
                        Duration.ofDays(90),
                        Duration.ofSeconds(10),
                        50,
                        60));
    }

    @ParameterizedTest
    @CsvSource({
        "retention, 24h, retention must be at least 24 h",
        "hours-kept, 47h, hoursKept must be at least two days",
        "days-kept, 29d, daysKept must be no less",
        "retention, 720h, hoursKept must be at least",
        "clock-tolerance, 6m, clockTolerance must not exceed the grace",
        "patterns-per-tenant, 0, patternsPerTenant must be at least 1",
        "patterns-in-all, 199, patternsInAll must be at least patternsPerTenant",
    })
    void refusesWhatCannotBeAndSaysSo(String property, String value, String message) {
        assertThatThrownBy(() -> bind(Map.of("sluice.metrics.topology." + property, value)))
                .rootCause()
                .hasMessageContaining(message);
    }

    private static TopologyProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("sluice.metrics.topology", TopologyProperties.class);
    }
}
