package dev.sluice.gateway.responsecache;

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

class ResponseCachePropertiesTest {

    private static final String PREFIX = "sluice.gateway.response-cache";

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ResponseCacheProperties(
                        DataSize.ofMegabytes(64),
                        true,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5)));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(bind(Map.of(
                        PREFIX + ".max-memory", "1MB",
                        PREFIX + ".shared", "false",
                        PREFIX + ".max-local-age", "2s",
                        PREFIX + ".read-timeout", "3s",
                        PREFIX + ".write-timeout", "4s",
                        PREFIX + ".removal-patience", "5s",
                        PREFIX + ".collapse-timeout", "6s")))
                .isEqualTo(new ResponseCacheProperties(
                        DataSize.ofMegabytes(1),
                        false,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "max-memory, 0B",
        "max-local-age, 0s",
        "read-timeout, 0s",
        "write-timeout, -1s",
        "removal-patience, 0s",
        "collapse-timeout, 0s"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + name, value)))
                .rootCause()
                .hasMessageContaining(PREFIX + "." + name);
    }

    private static ResponseCacheProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate(PREFIX, ResponseCacheProperties.class);
    }
}
