package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ForwardPropertiesTest {

    private static final String PREFIX = "sluice.gateway.forward";

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
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
        assertThat(bind(Map.of(
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
        assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + name, value)))
                .rootCause()
                .hasMessageContaining(PREFIX + "." + name);
    }

    private static ForwardProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(PREFIX, ForwardProperties.class);
    }
}
