package dev.sluice.metrics.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PeerPropertiesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void hasUsableDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new PeerProperties(
                        Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(4), 10_000));
    }

    @Test
    void mapsEveryProperty() {
        assertThat(bind(Map.of(
                        "sluice.metrics.peers.connect-timeout", "1s",
                        "sluice.metrics.peers.response-timeout", "1s",
                        "sluice.metrics.peers.deadline", "1s",
                        "sluice.metrics.peers.stale-records", "7")))
                .isEqualTo(new PeerProperties(SECOND, SECOND, SECOND, 7));
    }

    @Test
    void refusesToWaitForNoTime() {
        assertThatThrownBy(() -> new PeerProperties(SECOND, SECOND, Duration.ZERO, 0))
                .hasMessageContaining("sluice.metrics.peers.deadline");
        assertThatThrownBy(() -> new PeerProperties(SECOND, SECOND, SECOND, -1))
                .hasMessageContaining("sluice.metrics.peers.stale-records");
    }

    private static PeerProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.metrics.peers", PeerProperties.class);
    }
}
