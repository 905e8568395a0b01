package dev.sluice.gateway.apikey;

import java.time.DateTimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request for the successor of a key.
 *
 * @param overlap ISO 8601 duration for which both work, PT0S to P30D; a day when left out
 */
record RollKey(@Nullable String overlap) {

    private static final Duration USUAL = Duration.ofHours(24);
    private static final Duration MAX = Duration.ofDays(30);

    /** For how long the old key goes on; refuses what is no such time. */
    Duration parsedOverlap() {
        if (overlap == null) {
            return USUAL;
        }
        try {
            Duration parsed = Duration.parse(overlap);
            if (!parsed.isNegative() && parsed.compareTo(MAX) <= 0) {
                return parsed;
            }
        } catch (DateTimeException e) {
            // Answered below, with the bounds.
        }
        throw KeyRules.invalid(
                "overlap",
                "Send an ISO 8601 duration from PT0S, which ends the old key at once, to P30D, such as PT24H.");
    }
}
