package dev.sluice.gateway.ratelimit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/**
 * Tells a caller where it stands, in the fields of draft-ietf-httpapi-ratelimit-headers-10 and in the older
 * {@code X-RateLimit-*}. Limits in shadow mode are not told: nobody is to slow down for them. Pure.
 *
 * <p>Both fields of the draft are lists of structured strings (RFC 9651), one for each limit. Parameters that begin with
 * {@code sluice-} are ours: {@code sluice-burst} where a rate admits other than its quota at once, and {@code
 * sluice-over} on a soft limit that was exceeded.
 */
final class RateLimitHeaders {

    static final String POLICY = "RateLimit-Policy";
    static final String LIMIT = "RateLimit";
    static final String X_LIMIT = "X-RateLimit-Limit";
    static final String X_REMAINING = "X-RateLimit-Remaining";
    static final String X_RESET = "X-RateLimit-Reset";

    private static final long MICROS = 1_000_000;

    private RateLimitHeaders() {}

    static void write(LimitDecision decision, HttpHeaders headers) {
        List<LimitUse> told = told(decision);
        Optional<LimitUse> tightest = tightest(told);
        if (tightest.isEmpty()) {
            return;
        }
        headers.set(POLICY, told.stream().map(RateLimitHeaders::policy).collect(Collectors.joining(", ")));
        headers.set(LIMIT, told.stream().map(RateLimitHeaders::limit).collect(Collectors.joining(", ")));
        LimitUse use = tightest.get();
        headers.set(X_LIMIT, Long.toString(use.limit().burst()));
        headers.set(X_REMAINING, Long.toString(use.remaining()));
        headers.set(X_RESET, Long.toString(seconds(use.microsUntilMore())));
    }

    /** Whole seconds until the request would be admitted by every limit that refused it; at least 1. */
    static long retryAfterSeconds(LimitDecision decision) {
        return decision.uses().stream()
                .filter(LimitUse::refuses)
                .mapToLong(use -> seconds(Math.max(use.microsUntilAdmitted(), use.microsUntilMore())))
                .reduce(1, Math::max);
    }

    /** A started second counts: a caller that waits so long is not too early. */
    static long seconds(long micros) {
        return Math.ceilDiv(micros, MICROS);
    }

    private static List<LimitUse> told(LimitDecision decision) {
        return decision.uses().stream()
                .filter(use -> use.limit().mode() != Limit.Mode.SHADOW)
                .toList();
    }

    /** The limit that refuses for longest; else the one of which the smallest part is left. */
    private static Optional<LimitUse> tightest(List<LimitUse> uses) {
        return uses.stream()
                .filter(LimitUse::refuses)
                .max(Comparator.comparingLong(LimitUse::microsUntilAdmitted))
                .or(() -> uses.stream()
                        .min(Comparator.comparingDouble(
                                use -> (double) use.remaining() / use.limit().burst())));
    }

    private static String policy(LimitUse use) {
        Limit limit = use.limit();
        String burst = limit.burst() == limit.quota() ? "" : ";sluice-burst=" + limit.burst();
        return "\"" + limit.name() + "\";q=" + limit.quota() + ";w=" + use.windowSeconds() + burst;
    }

    private static String limit(LimitUse use) {
        String over = use.exceeded() && use.limit().mode() == Limit.Mode.SOFT ? ";sluice-over" : "";
        return "\"" + use.limit().name() + "\";r=" + use.remaining() + ";t=" + seconds(use.microsUntilMore()) + over;
    }
}
