package dev.sluice.gateway.ratelimit;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** What a caller is told whose request the limits do not admit. Pure. */
final class LimitRefusal {

    private LimitRefusal() {}

    static ProblemException of(LimitDecision decision, TierLimits tier) {
        if (decision.verdict() == Verdict.CLOSED) {
            return new ProblemException(
                            ProblemType.REDUCED_CAPACITY,
                            "Limits cannot be checked just now, and this one admits nothing unchecked. Try again later.")
                    .withHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        List<String> violated = decision.uses().stream()
                .filter(LimitUse::refuses)
                .map(use -> use.limit().name())
                .toList();
        long seconds = RateLimitHeaders.retryAfterSeconds(decision);
        return new ProblemException(
                        ProblemType.QUOTA_EXCEEDED,
                        "Try again in " + seconds + (seconds == 1 ? " second" : " seconds") + "; reached of tier "
                                + tier.name() + ": " + String.join(", ", violated) + ".")
                .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds))
                .withExtension("violated-policies", violated);
    }
}
