package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ProxyPropertiesTest {

    private static final String PREFIX = "sluice.gateway.proxy";
    private static final PropertiesBinding<ProxyProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, ProxyProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
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
        assertThat(PROPERTIES.bind(Map.of(
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
        PROPERTIES.assertRefuses(name, value);
    }
}
