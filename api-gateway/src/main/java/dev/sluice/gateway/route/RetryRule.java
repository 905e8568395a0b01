package dev.sluice.gateway.route;

import java.time.Duration;
import java.util.Set;

/**
 * When a request is sent again. Only what is safe to repeat is.
 *
 * @param attempts how often it is sent at most, the first time included
 * @param onStatus after which answers; a connection that fails counts anyway
 * @param backoff how long to wait before the second attempt; twice as long before each one after that
 */
public record RetryRule(int attempts, Set<Integer> onStatus, Duration backoff) {

    public static final RetryRule USUAL = new RetryRule(2, Set.of(502, 503, 504), Duration.ofMillis(50));

    public RetryRule {
        onStatus = Set.copyOf(onStatus);
    }
}
