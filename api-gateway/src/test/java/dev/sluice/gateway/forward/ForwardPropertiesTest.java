package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardPropertiesTest {

    private static final String PREFIX = "sluice.gateway.forward";
    private static final PropertiesBinding<ForwardProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, ForwardProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new ForwardProperties(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        200,
                        1_000,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5)));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".connect-timeout", "2s",
                        PREFIX + ".response-timeout", "3s",
                        PREFIX + ".max-connections", "4",
                        PREFIX + ".max-waiting", "5",
                        PREFIX + ".max-waiting-time", "6s",
                        PREFIX + ".max-idle-time", "7s")))
                .isEqualTo(new ForwardProperties(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        4,
                        5,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({
        "connect-timeout, 0s",
        "response-timeout, -1s",
        "max-connections, 0",
        "max-waiting, 0",
        "max-waiting-time, 0s",
        "max-idle-time, 0s"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        PROPERTIES.assertRefuses(name, value);
    }
}
