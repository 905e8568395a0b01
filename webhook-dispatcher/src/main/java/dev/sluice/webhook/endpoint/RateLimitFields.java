package dev.sluice.webhook.endpoint;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rate limit as it is sent and shown.
 *
 * @param requests from 1 to 100,000
 * @param period ISO 8601 duration from a second to an hour; a second when left out
 * @param burst from 1 to the requests; 1 when left out
 */
record RateLimitFields(
        int requests, @Nullable String period, @Nullable Integer burst) {

    private static final int MAX_REQUESTS = 100_000;
    private static final Duration MIN_PERIOD = Duration.ofSeconds(1);
    private static final Duration MAX_PERIOD = Duration.ofHours(1);

    /** A part of it, for a patch. */
    record Part(
            @Nullable Integer requests,
            @Nullable String period,
            @Nullable Integer burst) {}

    static RateLimitFields of(RateLimit limit) {
        return new RateLimitFields(limit.requests(), limit.period().toString(), limit.burst());
    }

    /** Empty, with what is wrong noted, when it cannot be taken. */
    Optional<RateLimit> read(FieldChecks checks) {
        Integer often = checks.checked("rateLimit.requests", "invalid_rate_limit", this::often);
        Duration within = period == null
                ? MIN_PERIOD
                : checks.checked(
                        "rateLimit.period",
                        "invalid_rate_limit",
                        () -> EndpointTerms.duration(period, MIN_PERIOD, MAX_PERIOD));
        Integer atOnce = checks.checked("rateLimit.burst", "invalid_rate_limit", this::atOnce);
        return often == null || within == null || atOnce == null
                ? Optional.empty()
                : Optional.of(new RateLimit(often, within, atOnce));
    }

    private int often() {
        if (requests < 1 || requests > MAX_REQUESTS) {
            throw new IllegalArgumentException("requests must be a whole number from 1 to " + MAX_REQUESTS);
        }
        return requests;
    }

    private int atOnce() {
        if (burst == null) {
            return 1;
        }
        if (burst < 1 || burst > Math.max(requests, 1)) {
            throw new IllegalArgumentException("burst must be a whole number from 1 to the requests of a period");
        }
        return burst;
    }
}
