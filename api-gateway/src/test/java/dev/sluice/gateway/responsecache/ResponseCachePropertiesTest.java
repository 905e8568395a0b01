package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ResponseCachePropertiesTest {

    private static final String PREFIX = "sluice.gateway.response-cache";
    private static final PropertiesBinding<ResponseCacheProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, ResponseCacheProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new ResponseCacheProperties(
                        DataSize.ofMegabytes(64),
                        DataSize.ofMegabytes(32),
                        true,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5)));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".max-memory", "1MB",
                        PREFIX + ".max-copied", "2MB",
                        PREFIX + ".shared", "false",
                        PREFIX + ".max-local-age", "2s",
                        PREFIX + ".max-lag", "7s",
                        PREFIX + ".read-timeout", "3s",
                        PREFIX + ".write-timeout", "4s",
                        PREFIX + ".removal-patience", "5s",
                        PREFIX + ".collapse-timeout", "6s")))
                .isEqualTo(new ResponseCacheProperties(
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(2),
                        false,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "max-memory, 0B",
        "max-copied, 0B",
        "max-local-age, 0s",
        "max-lag, 0s",
        "read-timeout, 0s",
        "write-timeout, -1s",
        "removal-patience, 0s",
        "collapse-timeout, 0s"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        PROPERTIES.assertRefuses(name, value);
    }
}
