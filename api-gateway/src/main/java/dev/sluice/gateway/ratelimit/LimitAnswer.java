package dev.sluice.gateway.ratelimit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the limits say to one item.
 *
 * @param admitted whether it may be done; it is charged then
 * @param verdict as the metrics name it; none when the item is wrong
 * @param retryAfterSeconds how long to wait when it is not admitted
 * @param violatedPolicies names of the limits that refuse it
 * @param limits all that cover it, as they stand now
 * @param error what is wrong with the item; nothing was charged then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LimitAnswer(
        boolean admitted,
        @Nullable String verdict,
        @Nullable String tenant,
        @Nullable String tier,
        @Nullable Long retryAfterSeconds,
        List<String> violatedPolicies,
        List<LimitView> limits,
        @Nullable FieldError error) {

    static LimitAnswer of(String tenant, TierLimits tier, LimitDecision decision) {
        boolean admitted = decision.verdict().admits();
        return new LimitAnswer(
                admitted,
                decision.verdict().tag(),
                tenant,
                tier.name(),
                admitted ? null : RateLimitHeaders.retryAfterSeconds(decision),
                decision.uses().stream()
                        .filter(LimitUse::refuses)
                        .map(use -> use.limit().name())
                        .toList(),
                LimitView.of(decision),
                null);
    }

    static LimitAnswer wrong(int item, ProblemException problem) {
        String field = "items[" + item + "]" + (problem.field() == null ? "" : "." + problem.field());
        FieldError error = new FieldError(field, problem.type().code(), problem.detail());
        return new LimitAnswer(false, null, null, null, null, List.of(), List.of(), error);
    }
}
