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
 * @param fullLanePause how long a delivery waits on a retry topic when its endpoint's lane is full
 * @param pausedPause how long a delivery to a paused endpoint waits before it is looked at again
 */
@ConfigurationProperties("sluice.webhook.delivery")
record DeliveryProperties(
        @DefaultValue FirstAttempts firstAttempts,
        @DefaultValue Retries retries,
        @DefaultValue("5s") Duration fullLanePause,
        @DefaultValue("1m") Duration pausedPause) {

    /**
     * Bounds of first attempts.
     *
     * @param inFlight most at once
     * @param inFlightPerEndpoint most at once to one endpoint
     * @param waitingPerEndpoint most that wait for one endpoint
     */
    record FirstAttempts(
            @DefaultValue("256") int inFlight,
            @DefaultValue("8") int inFlightPerEndpoint,
            @DefaultValue("100") int waitingPerEndpoint) {

        LaneLimits limits() {
            return new LaneLimits(inFlight, inFlightPerEndpoint, waitingPerEndpoint);
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
            return new LaneLimits(inFlight, inFlightPerEndpoint, waitingPerEndpoint);
        }
    }
}
