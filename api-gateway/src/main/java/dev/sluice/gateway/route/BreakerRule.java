package dev.sluice.gateway.route;

import java.time.Duration;

/**
 * When a target is left alone for a while.
 *
 * @param failureRatio which share of its calls must have failed, above 0 to 1
 * @param minimumCalls how many calls there must be before the share counts
 * @param openFor for how long it is left alone
 */
public record BreakerRule(double failureRatio, int minimumCalls, Duration openFor) {

    public static final BreakerRule USUAL = new BreakerRule(0.5, 20, Duration.ofSeconds(10));
}
