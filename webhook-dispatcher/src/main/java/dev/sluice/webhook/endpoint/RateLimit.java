package dev.sluice.webhook.endpoint;

import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookRateLimit;
import java.time.Duration;
import java.util.Optional;

/**
 * How often requests to an endpoint may be begun: every {@code period / requests} one, and after a rest up to {@code burst} at once.
 *
 * @param requests most in any period, when burst is 1; the others of a burst come on top
 * @param burst 1 for evenly spread
 */
public record RateLimit(int requests, Duration period, int burst) {

    public RateLimit {
        if (requests < 1 || burst < 1 || !period.isPositive()) {
            throw new IllegalArgumentException(
                    "requests, burst and period must be positive: " + requests + ", " + burst + ", " + period);
        }
    }

    /** What an endpoint's owner wants, if anything. */
    public static Optional<RateLimit> of(WebhookEndpoint endpoint) {
        return Optional.ofNullable(endpoint.getRateLimit())
                .map(limit -> new RateLimit(
                        limit.getRequests(), Duration.ofMillis(limit.getPeriodMillis()), limit.getBurst()));
    }

    /** The time that one request takes from the rate, rounded up so that it is never more than allowed. */
    public long nanosPerRequest() {
        return Math.ceilDiv(period.toNanos(), requests);
    }

    WebhookRateLimit toRecord() {
        return new WebhookRateLimit(requests, period.toMillis(), burst);
    }
}
