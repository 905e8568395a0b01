package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import dev.sluice.gateway.access.AccessProperties.Audience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessPropertiesTest {

    private static final String PREFIX = "sluice.gateway.access";
    private static final PropertiesBinding<AccessProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, AccessProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new AccessProperties(
                        Audience.AUTHENTICATED,
                        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)),
                        10));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".server-timing", "nobody",
                        PREFIX + ".slow", "300ms,4s",
                        PREFIX + ".slow-warnings-per-second", "0")))
                .isEqualTo(new AccessProperties(
                        Audience.NOBODY, List.of(Duration.ofMillis(300), Duration.ofSeconds(4)), 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slow | 2s,1s",
                "slow | 0s",
                "slow | 1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s",
                "slow-warnings-per-second | -1"
            })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        PROPERTIES.assertRefuses(name, value);
    }
}
