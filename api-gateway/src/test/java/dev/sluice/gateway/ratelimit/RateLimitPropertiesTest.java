package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.PropertiesBinding;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

class RateLimitPropertiesTest {

    private static final String PREFIX = "sluice.gateway.ratelimit";
    private static final PropertiesBinding<RateLimitProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, RateLimitProperties.class);

    @Test
    void hasUsableDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new RateLimitProperties(
                        Duration.ofMillis(5),
                        Duration.ofMillis(100),
                        1,
                        Duration.ofSeconds(3),
                        1_000,
                        3,
                        Duration.ofMillis(100),
                        80,
                        "anonymous",
                        100_000));
    }

    @Test
    void takesEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".patience", "2ms",
                        PREFIX + ".deadline", "20ms",
                        PREFIX + ".gateways", "4",
                        PREFIX + ".grace", "7s",
                        PREFIX + ".lease-from", "500",
                        PREFIX + ".breaker-failures", "5",
                        PREFIX + ".breaker-pause", "2s",
                        PREFIX + ".warning-percent", "90",
                        PREFIX + ".anonymous-tier", "guests",
                        PREFIX + ".max-local-tenants", "10")))
                .isEqualTo(new RateLimitProperties(
                        Duration.ofMillis(2),
                        Duration.ofMillis(20),
                        4,
                        Duration.ofSeconds(7),
                        500,
                        5,
                        Duration.ofSeconds(2),
                        90,
                        "guests",
                        10));
    }

    /** Else a late decision that was charged is taken for one that was not. */
    @Test
    void hearsOfLateDecisionsForAsLongAsTheyAreWaitedFor() throws IOException {
        PropertySource<?> shipped = new YamlPropertySourceLoader()
                .load("shipped", new ClassPathResource("application.yaml"))
                .getFirst();
        assertThat(DurationStyle.SIMPLE.parse(String.valueOf(shipped.getProperty("spring.data.redis.timeout"))))
                .isGreaterThanOrEqualTo(GuardedLimits.LATE);
    }

    @ParameterizedTest
    @CsvSource({
        "patience,0ms",
        "deadline,0ms",
        "deadline,4ms",
        "grace,0s",
        "gateways,0",
        "lease-from,0",
        "breaker-failures,0",
        "breaker-pause,-1s",
        "warning-percent,0",
        "warning-percent,101",
        "max-local-tenants,0"
    })
    void namesThePropertyThatIsWrong(String name, String value) {
        assertThatThrownBy(() -> PROPERTIES.bind(Map.of(PREFIX + "." + name, value)))
                .rootCause()
                .hasMessageStartingWith(PREFIX + "." + name + " must be");
    }
}
