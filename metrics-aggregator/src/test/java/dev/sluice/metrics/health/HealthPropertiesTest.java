package dev.sluice.metrics.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.HealthProperties.Cache;
import dev.sluice.metrics.health.HealthProperties.Requests;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HealthPropertiesTest {

    private static final String PREFIX = "sluice.metrics.health";

    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(HealthProperties.usual());
    }

    @Test
    void fullMapping() {
        assertThat(bind(Map.ofEntries(
                        Map.entry(PREFIX + ".cache.min-hit-rate", "0.8"),
                        Map.entry(PREFIX + ".cache.max-average", "5ms"),
                        Map.entry(PREFIX + ".cache.max-p95", "9ms"),
                        Map.entry(PREFIX + ".requests.slow", "1s"),
                        Map.entry(PREFIX + ".requests.very-slow", "3s"),
                        Map.entry(PREFIX + ".requests.errors", "0.02"),
                        Map.entry(PREFIX + ".requests.many-errors", "0.1"),
                        Map.entry(PREFIX + ".alerts.enabled", "false"),
                        Map.entry(PREFIX + ".alerts.every", "30s"),
                        Map.entry(PREFIX + ".alerts.window", "10m"),
                        Map.entry(PREFIX + ".alerts.hold", "2m"),
                        Map.entry(PREFIX + ".alerts.min-samples", "7"),
                        Map.entry(PREFIX + ".alerts.margin", "0.2"))))
                .isEqualTo(new HealthProperties(
                        new Cache(0.8, Duration.ofMillis(5), Duration.ofMillis(9)),
                        new Requests(Duration.ofSeconds(1), Duration.ofSeconds(3), 0.02, 0.1),
                        new Alerts(
                                false, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(2), 7, 0.2)));
    }

    @ParameterizedTest
    @CsvSource({
        "cache.min-hit-rate, 1.1",
        "cache.max-average, 0s",
        "cache.max-p95, -1s",
        "requests.slow, 0s",
        "requests.very-slow, 1s",
        "requests.errors, -0.1",
        "requests.many-errors, 0.001",
        "alerts.every, 0s",
        "alerts.window, 90s",
        "alerts.hold, -1s",
        "alerts.min-samples, 0",
        "alerts.margin, 0.6",
    })
    void refusesWhatCannotBeAndNamesIt(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + name, value)))
                .rootCause()
                .hasMessageContaining(PREFIX + "." + name);
    }

    @Test
    void otherThresholdsJudgeOtherwise() {
        CacheHealthRules rules = new CacheHealthRules(new Cache(0.07, Duration.ofMillis(5), Duration.ofMillis(100)));
        assertThat(rules.judge(0.06, 6, 10).warnings())
                .containsExactly(
                        "average is 6.0 ms; it should be below 5 ms", "hit rate is 6.0 %; it should be at least 7 %");
    }

    private static HealthProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(PREFIX, HealthProperties.class);
    }
}
