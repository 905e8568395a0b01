package dev.sluice.webhook.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is sent at once. First attempts and retries have budgets of their own, so that a wave of retries never delays
 * a first attempt.
 *
 * @param firstAttempts bounds of first attempts
 * @param retries bounds of later attempts
 * @param breaker when an endpoint that fails is left alone
 * @param longestWait what waits so long for an endpoint that is paused, slow or in order is given up as expired; shorter than the log keeps
 *     deliveries, 7 d, so that none is forgotten unnoticed
 */
@ConfigurationProperties("sluice.webhook.delivery")
record DeliveryProperties(
        @DefaultValue FirstAttempts firstAttempts,
        @DefaultValue Retries retries,
        @DefaultValue Breaking breaker,
        @DefaultValue("6d") Duration longestWait) {

    DeliveryProperties {
        Duration kept = DeliveryListener.KEPT;
        if (!longestWait.isPositive() || longestWait.compareTo(kept) >= 0) {
            throw new IllegalArgumentException("sluice.webhook.delivery.longest-wait must be positive and shorter than "
                    + kept + ", for which the log keeps deliveries: " + longestWait);
        }
    }

    private static LaneLimits limits(String property, int inFlight, int inFlightPerEndpoint, int waitingPerEndpoint) {
        if (inFlight < 1 || inFlightPerEndpoint < 1 || waitingPerEndpoint < 1) {
            throw new IllegalArgumentException("sluice.webhook.delivery." + property
                    + ".{in-flight,in-flight-per-endpoint,waiting-per-endpoint} must be at least 1: " + inFlight + ", "
                    + inFlightPerEndpoint + ", " + waitingPerEndpoint);
        }
        return new LaneLimits(inFlight, inFlightPerEndpoint, waitingPerEndpoint);
    }

    /**
     * Bounds of first attempts.
     *
     * @param inFlight most at once; beside them half as many of what has waited for long
     * @param inFlightPerEndpoint most at once to one endpoint
     * @param waitingPerEndpoint most that wait for one endpoint
     */
    record FirstAttempts(
            @DefaultValue("256") int inFlight,
            @DefaultValue("8") int inFlightPerEndpoint,
            @DefaultValue("100") int waitingPerEndpoint) {

        LaneLimits limits() {
            return DeliveryProperties.limits("first-attempts", inFlight, inFlightPerEndpoint, waitingPerEndpoint);
        }
    }

    /**
     * Bounds of later attempts.
     *
     * @param inFlight most at once
     * @param inFlightPerEndpoint most at once to one endpoint
     * @param waitingPerEndpoint most that wait for one endpoint
     */
    record Retries(
            @DefaultValue("128") int inFlight,
            @DefaultValue("4") int inFlightPerEndpoint,
            @DefaultValue("100") int waitingPerEndpoint) {

        LaneLimits limits() {
            return DeliveryProperties.limits("retries", inFlight, inFlightPerEndpoint, waitingPerEndpoint);
        }
    }

    /**
     * When an endpoint that fails is left alone.
     *
     * @param failures in a row, after which nothing is begun but a probe now and then
     * @param failingFor how long there must have been nothing but failures: longer than a first retry waits, since that may succeed
     * @param firstWait until the first probe; each that fails doubles it
     * @param longestWait until a probe; and most that a receiver can ask for itself by Retry-After
     */
    record Breaking(
            @DefaultValue("10") int failures,
            @DefaultValue("20s") Duration failingFor,
            @DefaultValue("5s") Duration firstWait,
            @DefaultValue("30s") Duration longestWait) {

        BreakerLimits limits() {
            return new BreakerLimits(failures, failingFor, firstWait, longestWait);
        }
    }
}
