package dev.sluice.gateway.ratelimit;

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

    /** Of a field about three limits. */
    private static final int USUAL_LENGTH = 128;

    private RateLimitHeaders() {}

    static void write(LimitDecision decision, HttpHeaders headers) {
        StringBuilder policies = new StringBuilder(USUAL_LENGTH);
        StringBuilder limits = new StringBuilder(USUAL_LENGTH);
        LimitUse tightest = null;
        for (LimitUse use : decision.uses()) {
            if (use.limit().mode() != Limit.Mode.SHADOW) {
                tightest = tightest == null || isTighter(use, tightest) ? use : tightest;
                appendPolicy(begin(policies, use), use);
                appendLimit(begin(limits, use), use);
            }
        }
        if (tightest == null) {
            return;
        }
        headers.set(POLICY, policies.toString());
        headers.set(LIMIT, limits.toString());
        headers.set(X_LIMIT, Long.toString(tightest.limit().burst()));
        headers.set(X_REMAINING, Long.toString(tightest.remaining()));
        headers.set(X_RESET, Long.toString(seconds(tightest.microsUntilMore())));
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

    /** A limit that refuses for longer; where none refuses, one of which a smaller part is left. */
    private static boolean isTighter(LimitUse use, LimitUse than) {
        if (use.refuses() || than.refuses()) {
            return use.refuses() && (!than.refuses() || use.microsUntilAdmitted() > than.microsUntilAdmitted());
        }
        return Double.compare(leftOf(use), leftOf(than)) < 0;
    }

    private static double leftOf(LimitUse use) {
        return (double) use.remaining() / use.limit().burst();
    }

    private static StringBuilder begin(StringBuilder list, LimitUse use) {
        return list.append(list.isEmpty() ? "\"" : ", \"")
                .append(use.limit().name())
                .append('"');
    }

    private static void appendPolicy(StringBuilder to, LimitUse use) {
        Limit limit = use.limit();
        to.append(";q=").append(limit.quota()).append(";w=").append(use.windowSeconds());
        if (limit.burst() != limit.quota()) {
            to.append(";sluice-burst=").append(limit.burst());
        }
    }

    private static void appendLimit(StringBuilder to, LimitUse use) {
        to.append(";r=").append(use.remaining()).append(";t=").append(seconds(use.microsUntilMore()));
        if (use.exceeded() && use.limit().mode() == Limit.Mode.SOFT) {
            to.append(";sluice-over");
        }
    }
}
