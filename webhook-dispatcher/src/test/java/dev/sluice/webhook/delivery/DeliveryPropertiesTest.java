package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties as they are spelled in configuration. */
class DeliveryPropertiesTest {

    @Test
    void byDefaultFirstAttemptsHaveMoreRoomThanRetries() {
        DeliveryProperties properties = bind(Map.of());

        assertThat(properties.firstAttempts().limits()).isEqualTo(new LaneLimits(256, 8, 100));
        assertThat(properties.retries().limits()).isEqualTo(new LaneLimits(128, 4, 100));
        assertThat(properties.breaker().limits())
                .isEqualTo(
                        new BreakerLimits(10, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, String> values = new HashMap<>();
        values.put("sluice.webhook.delivery.first-attempts.in-flight", "1");
        values.put("sluice.webhook.delivery.first-attempts.in-flight-per-endpoint", "2");
        values.put("sluice.webhook.delivery.first-attempts.waiting-per-endpoint", "3");
        values.put("sluice.webhook.delivery.breaker.failures", "7");
        values.put("sluice.webhook.delivery.breaker.failing-for", "6s");
        values.put("sluice.webhook.delivery.breaker.first-wait", "8s");
        values.put("sluice.webhook.delivery.breaker.longest-wait", "9s");
        values.put("sluice.webhook.delivery.longest-wait", "2d");
        values.put("sluice.webhook.delivery.retries.in-flight", "4");
        values.put("sluice.webhook.delivery.retries.in-flight-per-endpoint", "5");
        values.put("sluice.webhook.delivery.retries.waiting-per-endpoint", "6");

        DeliveryProperties properties = bind(values);
        assertThat(properties.firstAttempts().limits()).isEqualTo(new LaneLimits(1, 2, 3));
        assertThat(properties.retries().limits()).isEqualTo(new LaneLimits(4, 5, 6));
        assertThat(properties.breaker().limits())
                .isEqualTo(new BreakerLimits(7, Duration.ofSeconds(6), Duration.ofSeconds(8), Duration.ofSeconds(9)));
        assertThat(properties.longestWait()).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void nothingWaitsLongerThanTheLogKeepsIt() {
        assertThat(bind(Map.of()).longestWait()).isLessThan(Topics.WEBHOOK_DELIVERIES.retention());
        for (String wait : new String[] {"7d", "8d", "0s", "-1s"}) {
            assertThatThrownBy(() -> bind(Map.of("sluice.webhook.delivery.longest-wait", wait)))
                    .as(wait)
                    .hasStackTraceContaining("sluice.webhook.delivery.longest-wait");
        }
    }

    @Test
    void whatCannotBeIsRefusedByItsName() {
        for (String name : new String[] {"first-attempts", "retries"}) {
            assertThatThrownBy(() -> {
                        DeliveryProperties bound = bind(Map.of("sluice.webhook.delivery." + name + ".in-flight", "0"));
                        bound.firstAttempts().limits();
                        bound.retries().limits();
                    })
                    .hasMessageContaining("sluice.webhook.delivery." + name);
        }
    }

    private static DeliveryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.webhook.delivery", DeliveryProperties.class);
    }
}
