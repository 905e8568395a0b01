package dev.sluice.gateway.ratelimit;

import java.util.List;
import java.util.Locale;

/**
 * Where a tenant stands with one limit, as the API shows it.
 *
 * @param overage cost units that a soft quota admitted beyond what it has
 * @param resetSeconds seconds until more than now may be used; 0 when nothing is used
 */
record LimitView(
        String name,
        String group,
        String window,
        String mode,
        long quota,
        long burst,
        long used,
        long remaining,
        long overage,
        long resetSeconds) {

    static List<LimitView> of(LimitDecision decision) {
        return decision.uses().stream().map(LimitView::of).toList();
    }

    private static LimitView of(LimitUse use) {
        Limit limit = use.limit();
        return new LimitView(
                limit.name(),
                limit.group(),
                limit.window().toLowerCase(Locale.ROOT),
                limit.mode().name().toLowerCase(Locale.ROOT),
                limit.quota(),
                limit.burst(),
                use.used(),
                use.remaining(),
                use.overage(),
                RateLimitHeaders.seconds(use.microsUntilMore()));
    }
}
