package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class UsagePropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(new UsageProperties(Duration.ofDays(2), Duration.ofDays(400)));
    }

    @Test
    void takesEveryProperty() {
        assertThat(bind(Map.of(
                        "sluice.metrics.usage.minutes-kept", "24h",
                        "sluice.metrics.usage.days-kept", "800d")))
                .isEqualTo(new UsageProperties(Duration.ofDays(1), Duration.ofDays(800)));
    }

    @Test
    void refusesWhatIsTooShortAndNamesIt() {
        assertThatThrownBy(() -> new UsageProperties(Duration.ofHours(23), Duration.ofDays(400)))
                .hasMessageContaining("sluice.metrics.usage.minutes-kept");
        assertThatThrownBy(() -> new UsageProperties(Duration.ofDays(2), Duration.ofDays(61)))
                .hasMessageContaining("sluice.metrics.usage.days-kept");
    }

    private static UsageProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("sluice.metrics.usage", UsageProperties.class);
    }
}
