package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class SessionPropertiesTest {

    private static final String PREFIX = "sluice.gateway.session";
    private static final PropertiesBinding<SessionProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, SessionProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new SessionProperties(
                        Duration.ofMinutes(30),
                        Duration.ofHours(12),
                        Duration.ofDays(30),
                        10,
                        DataSize.ofKilobytes(4),
                        Duration.ofMillis(500)));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".idle", "1m",
                        PREFIX + ".life", "2h",
                        PREFIX + ".max-life", "3d",
                        PREFIX + ".max-per-user", "4",
                        PREFIX + ".max-attributes", "5KB",
                        PREFIX + ".deadline", "6ms")))
                .isEqualTo(new SessionProperties(
                        Duration.ofMinutes(1),
                        Duration.ofHours(2),
                        Duration.ofDays(3),
                        4,
                        DataSize.ofKilobytes(5),
                        Duration.ofMillis(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "idle, 999ms",
        "idle, 13h",
        "life, 0s",
        "max-life, 1h",
        "max-per-user, 0",
        "max-per-user, 101",
        "max-attributes, 1B",
        "max-attributes, 65KB",
        "deadline, 0s"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        PROPERTIES.assertRefuses(name, value);
    }
}
