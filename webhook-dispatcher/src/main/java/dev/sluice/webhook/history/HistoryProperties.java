package dev.sluice.webhook.history;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is remembered of deliveries, in memory, for their owners to ask for.
 *
 * @param retention how long; at a start so much of the log is read
 * @param maxPerEndpoint most attempts of one webhook
 * @param maxInAll most attempts of all webhooks; 1 to 2 KB each
 * @param resendsPerMinute most deliveries that one tenant may have looked up or sent again in any minute, by one dispatcher
 */
@ConfigurationProperties("sluice.webhook.history")
record HistoryProperties(
        @DefaultValue("72h") Duration retention,
        @DefaultValue("1000") int maxPerEndpoint,
        @DefaultValue("20000") int maxInAll,
        @DefaultValue("60") int resendsPerMinute) {

    HistoryProperties {
        requirePositive("max-per-endpoint", maxPerEndpoint);
        requirePositive("max-in-all", maxInAll);
        requirePositive("resends-per-minute", resendsPerMinute);
        if (retention.isZero() || retention.isNegative()) {
            throw new IllegalArgumentException("sluice.webhook.history.retention must be positive: " + retention);
        }
    }

    private static void requirePositive(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sluice.webhook.history." + property + " must be at least 1: " + value);
        }
    }
}
