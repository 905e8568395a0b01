package dev.sluice.webhook.trial;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Test events.
 *
 * @param perMinute most that one tenant may have sent in any minute, by one dispatcher
 * @param inFlight most that one dispatcher sends at once
 * @param timeout longest time for one, even if the webhook's own timeout is longer; shorter than the gateway waits for an answer
 */
@ConfigurationProperties("sluice.webhook.test")
record TrialProperties(
        @DefaultValue("20") int perMinute,
        @DefaultValue("64") int inFlight,
        @DefaultValue("8s") Duration timeout) {

    TrialProperties {
        requirePositive("per-minute", perMinute);
        requirePositive("in-flight", inFlight);
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("sluice.webhook.test.timeout must be positive: " + timeout);
        }
    }

    private static void requirePositive(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sluice.webhook.test." + property + " must be at least 1: " + value);
        }
    }
}
