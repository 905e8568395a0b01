package dev.sluice.webhook.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties as they are spelled in configuration. */
class RetryPropertiesTest {

    @Test
    void byDefaultTheScheduleIsThatOfStandardWebhooks() {
        assertThat(bind(Map.of()).schedule())
                .isEqualTo(new RetrySchedule(RetrySchedule.STANDARD_DELAYS, 0.1, Duration.ofHours(24)));
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, String> properties = Map.of(
                "sluice.webhook.retry.delays", "1s,2m",
                "sluice.webhook.retry.jitter", "0.5",
                "sluice.webhook.retry.max-retry-after", "1h");

        assertThat(bind(properties).schedule())
                .isEqualTo(new RetrySchedule(
                        List.of(Duration.ofSeconds(1), Duration.ofMinutes(2)), 0.5, Duration.ofHours(1)));
    }

    @Test
    void whatCannotBeIsRefusedByItsName() {
        Map.of("delays", "1s,-1s", "jitter", "1.5", "max-retry-after", "-1s")
                .forEach((name, value) -> assertThatThrownBy(() -> bind(Map.of("sluice.webhook.retry." + name, value)))
                        .hasRootCauseInstanceOf(IllegalArgumentException.class)
                        .rootCause()
                        .hasMessageContaining("sluice.webhook.retry." + name));
    }

    private static RetryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.retry", RetryProperties.class);
    }
}
