package dev.sluice.webhook.retry;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When failed deliveries are tried again.
 *
 * @param delays waits between attempts; by default those of Standard Webhooks, ten attempts over 75 h 35 min
 * @param jitter most that is added to a delay, as a part of it
 * @param maxRetryAfter most that a receiver may ask for by Retry-After
 */
@ConfigurationProperties("sluice.webhook.retry")
record RetryProperties(
        @Nullable List<Duration> delays,
        @DefaultValue("0.1") double jitter,
        @DefaultValue("24h") Duration maxRetryAfter) {

    RetryProperties {
        if (delays != null && delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("sluice.webhook.retry.delays must not be negative: " + delays);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("sluice.webhook.retry.jitter must be 0 to 1: " + jitter);
        }
        if (maxRetryAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "sluice.webhook.retry.max-retry-after must not be negative: " + maxRetryAfter);
        }
    }

    RetrySchedule schedule() {
        return new RetrySchedule(
                delays == null || delays.isEmpty() ? RetrySchedule.STANDARD_DELAYS : delays, jitter, maxRetryAfter);
    }
}
