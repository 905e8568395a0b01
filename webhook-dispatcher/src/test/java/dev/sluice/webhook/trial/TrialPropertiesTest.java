package dev.sluice.webhook.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties as they are spelled in configuration. */
class TrialPropertiesTest {

    @Test
    void byDefaultAFewAMinute() {
        assertThat(bind(Map.of())).isEqualTo(new TrialProperties(20, 64, Duration.ofSeconds(8)));
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, String> properties = Map.of(
                "sluice.webhook.test.per-minute", "3",
                "sluice.webhook.test.in-flight", "4",
                "sluice.webhook.test.timeout", "2s");

        assertThat(bind(properties)).isEqualTo(new TrialProperties(3, 4, Duration.ofSeconds(2)));
    }

    @Test
    void whatCannotBeIsRefusedByItsName() {
        Map.of("per-minute", "0", "in-flight", "0", "timeout", "0s")
                .forEach((name, value) -> assertThatThrownBy(() -> bind(Map.of("sluice.webhook.test." + name, value)))
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .rootCause()
                        .hasMessageContaining("sluice.webhook.test." + name));
    }

    private static TrialProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.test", TrialProperties.class);
    }
}
