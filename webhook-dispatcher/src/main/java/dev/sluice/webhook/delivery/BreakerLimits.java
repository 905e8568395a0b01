package dev.sluice.webhook.delivery;

import java.time.Duration;

/**
 * When an endpoint that fails is left alone, and for how long.
 *
 * @param failures in a row that open the breaker
 * @param failingFor how long there must have been nothing but failures
 * @param firstWait until the first probe
 * @param longestWait until a probe, after others have failed; and most that a receiver can ask for
 */
record BreakerLimits(int failures, Duration failingFor, Duration firstWait, Duration longestWait) {

    BreakerLimits {
        if (failures < 1
                || failingFor.isNegative()
                || !firstWait.isPositive()
                || longestWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException(
                    "sluice.webhook.delivery.breaker.{failures,first-wait} must be positive, failing-for not negative and"
                            + " longest-wait no shorter than first-wait: " + failures + ", " + failingFor + ", "
                            + firstWait
                            + ", " + longestWait);
        }
    }
}
