package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.access.RequestTrail;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What a request was charged before its body was read. A handler that finds more than one thing to do in the body has
 * the others charged by this. They count to the limits of the request's own group; limits over every group count
 * requests, and this is still one.
 */
public final class RequestCharge {

    private static final String ATTRIBUTE = RequestCharge.class.getName();

    private final RateLimiter limiter;
    private final QuotaWatch quotas;
    private final Identity identity;
    private final TierLimits tier;
    private final String group;
    private final LimitDecision charged;

    RequestCharge(
            RateLimiter limiter,
            QuotaWatch quotas,
            Identity identity,
            TierLimits tier,
            String group,
            LimitDecision charged) {
        this.limiter = limiter;
        this.quotas = quotas;
        this.identity = identity;
        this.tier = tier;
        this.group = group;
        this.charged = charged;
    }

    void keepFor(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** Charges so many more of what the request costs; fails with a problem when the limits do not admit them all. */
    public static Mono<Void> more(ServerWebExchange exchange, int times) {
        RequestCharge charge = exchange.getAttribute(ATTRIBUTE);
        return charge == null || times < 1 ? Mono.empty() : charge.charge(exchange, times);
    }

    /** How many of what the request costs are ever admitted together. */
    public static int atOnce(ServerWebExchange exchange) {
        RequestCharge charge = exchange.getAttribute(ATTRIBUTE);
        return charge == null ? Integer.MAX_VALUE : charge.largest();
    }

    private int largest() {
        long unit = Math.max(1, tier.costOf(group));
        return Math.clamp(
                tier.of(group).stream()
                        .filter(limit -> limit.group().equals(group) && limit.mode() == Limit.Mode.ENFORCE)
                        .mapToLong(limit -> limit.burst() / unit)
                        .min()
                        .orElse(Integer.MAX_VALUE),
                1,
                Integer.MAX_VALUE);
    }

    private Mono<Void> charge(ServerWebExchange exchange, int times) {
        List<Limit> limits = tier.of(group).stream()
                .filter(limit -> limit.group().equals(group))
                .toList();
        long cost = tier.costOf(group, times);
        if (limits.isEmpty() || cost == 0) {
            RequestTrail.of(exchange).charged(cost);
            return Mono.empty();
        }
        refuseForGood(limits, times + 1);
        return limiter.decide(identity.tenant(), limits, cost).flatMap(made -> {
            quotas.see(identity, limits, made);
            RateLimitHeaders.write(merge(made), exchange.getResponse().getHeaders());
            RequestTrail.of(exchange).limitedFurther(made.verdict().recorded());
            if (!made.verdict().admits()) {
                return Mono.error(LimitRefusal.of(made, tier));
            }
            RequestTrail.of(exchange).charged(cost);
            return Mono.empty();
        });
    }

    /** To wait and try again would be of no use to who asks for more at once than ever is admitted. */
    private void refuseForGood(List<Limit> limits, int times) {
        long cost = tier.costOf(group, times);
        for (Limit limit : limits) {
            if (limit.mode() == Limit.Mode.ENFORCE && limit.burst() < cost) {
                throw ProblemException.ofField(
                        ProblemType.TOO_LARGE,
                        "body",
                        "The limit " + limit.name() + " never admits more than "
                                + limit.burst() / Math.max(1, tier.costOf(group)) + " of these at once; send less at a "
                                + "time.");
            }
        }
    }

    /** Where the caller stands with all limits of the request. */
    private LimitDecision merge(LimitDecision made) {
        List<LimitUse> uses = new ArrayList<>(charged.uses());
        for (LimitUse newer : made.uses()) {
            uses.replaceAll(use -> use.limit().name().equals(newer.limit().name()) ? newer : use);
        }
        return new LimitDecision(made.verdict(), uses, List.of());
    }
}
