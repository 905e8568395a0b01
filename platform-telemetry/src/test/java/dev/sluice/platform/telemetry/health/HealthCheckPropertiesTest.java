package dev.sluice.platform.telemetry.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class HealthCheckPropertiesTest {

    @Test
    void hasDefaults() {
        HealthCheckProperties properties = bind(Map.of());
        assertThat(properties.pace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.diskFolder()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
        assertThat(properties.diskFree()).isEqualTo(DataSize.ofMegabytes(512));
        assertThat(properties.heapUsed()).isEqualTo(0.95);
        assertThat(properties.lagRecords()).isEqualTo(100_000);
        assertThat(properties.lagStandstill()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void takesEveryProperty() {
        assertThat(bind(Map.of(
                        "sluice.health-checks.pace", "1s",
                        "sluice.health-checks.disk-folder", "/data",
                        "sluice.health-checks.disk-free", "1GB",
                        "sluice.health-checks.heap-used", "0.8",
                        "sluice.health-checks.lag-records", "7",
                        "sluice.health-checks.lag-standstill", "5s")))
                .isEqualTo(new HealthCheckProperties(
                        Duration.ofSeconds(1),
                        Path.of("/data"),
                        DataSize.ofGigabytes(1),
                        0.8,
                        7,
                        Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "pace, 99ms",
        "pace, 61s",
        "disk-free, -1B",
        "heap-used, 0",
        "heap-used, 1.1",
        "heap-used, NaN",
        "lag-records, -1",
        "lag-standstill, 0s"
    })
    void refusesWhatMakesNoSense(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("sluice.health-checks." + name, value)))
                .rootCause()
                .hasMessageContaining("sluice.health-checks." + name);
    }

    private static HealthCheckProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.health-checks", HealthCheckProperties.class);
    }
}
