package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ProxyPropertiesTest {

    private static final String PREFIX = "sluice.gateway.proxy";

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ProxyProperties(
                        100,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        DataSize.ofKilobytes(32),
                        DataSize.ofKilobytes(64),
                        200));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(bind(Map.of(
                        PREFIX + ".max-waiting", "1",
                        PREFIX + ".max-waiting-time", "2s",
                        PREFIX + ".max-idle-time", "3s",
                        PREFIX + ".max-answer-headers", "4KB",
                        PREFIX + ".max-frame", "5KB",
                        PREFIX + ".max-metered-routes", "6")))
                .isEqualTo(new ProxyProperties(
                        1,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        DataSize.ofKilobytes(4),
                        DataSize.ofKilobytes(5),
                        6));
    }

    @ParameterizedTest
    @CsvSource({
        "max-waiting, 0",
        "max-waiting-time, 0s",
        "max-idle-time, -1s",
        "max-answer-headers, 0B",
        "max-frame, 0B",
        "max-metered-routes, 0"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + name, value)))
                .rootCause()
                .hasMessageContaining(PREFIX + "." + name);
    }

    private static ProxyProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(PREFIX, ProxyProperties.class);
    }
}
