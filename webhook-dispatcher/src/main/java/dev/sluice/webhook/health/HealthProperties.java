package dev.sluice.webhook.health;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What becomes of endpoints that fail for long.
 *
 * @param disableAfter an endpoint is disabled whose attempts have failed for so long, and nothing else; zero for never
 * @param disableAfterAttempts and not before so many attempts have failed one after the other: a webhook with two events a week is not
 *     dead
 */
@ConfigurationProperties("sluice.webhook.health")
record HealthProperties(
        @DefaultValue("5d") Duration disableAfter,
        @DefaultValue("20") int disableAfterAttempts) {

    HealthProperties {
        if (disableAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "sluice.webhook.health.disable-after must not be negative: " + disableAfter);
        }
        if (disableAfterAttempts < 1) {
            throw new IllegalArgumentException(
                    "sluice.webhook.health.disable-after-attempts must be at least 1: " + disableAfterAttempts);
        }
    }
}
