package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties as they are spelled in configuration. */
class HistoryPropertiesTest {

    @Test
    void byDefaultThreeDays() {
        assertThat(bind(Map.of())).isEqualTo(new HistoryProperties(Duration.ofDays(3), 1_000, 20_000, 60));
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, String> properties = Map.of(
                "sluice.webhook.history.retention", "1h",
                "sluice.webhook.history.max-per-endpoint", "2",
                "sluice.webhook.history.max-in-all", "3",
                "sluice.webhook.history.resends-per-minute", "4");

        assertThat(bind(properties)).isEqualTo(new HistoryProperties(Duration.ofHours(1), 2, 3, 4));
    }

    @Test
    void whatCannotBeIsRefusedByItsName() {
        Map.of("retention", "0s", "max-per-endpoint", "0", "max-in-all", "0", "resends-per-minute", "0")
                .forEach((name, value) -> assertThatThrownBy(
                                () -> bind(Map.of("sluice.webhook.history." + name, value)))
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .rootCause()
                        .hasMessageContaining("sluice.webhook.history." + name));
    }

    private static HistoryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.history", HistoryProperties.class);
    }
}
