package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LivePropertiesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new LiveProperties(
                        Duration.ofSeconds(60), Duration.ofSeconds(4), Duration.ofSeconds(20), 20, 500));
    }

    @Test
    void fullMapping() {
        assertThat(bind(Map.of(
                        "sluice.metrics.live.longest", "5m",
                        "sluice.metrics.live.heartbeat", "1s",
                        "sluice.metrics.live.slow-reader", "7s",
                        "sluice.metrics.live.per-tenant", "3",
                        "sluice.metrics.live.in-all", "4")))
                .isEqualTo(new LiveProperties(Duration.ofMinutes(5), SECOND, Duration.ofSeconds(7), 3, 4));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new LiveProperties(Duration.ZERO, SECOND, SECOND, 1, 1))
                .hasMessageContaining("sluice.metrics.live.longest");
        assertThatThrownBy(() -> new LiveProperties(SECOND, SECOND, SECOND, 0, 1))
                .hasMessageContaining("per-tenant");
        assertThatThrownBy(() -> new LiveProperties(SECOND, SECOND, SECOND, 2, 1))
                .hasMessageContaining("in-all");
    }

    private static LiveProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.metrics.live", LiveProperties.class);
    }
}
