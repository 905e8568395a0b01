package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.LimitQuestions.Item;
import dev.sluice.gateway.tier.LimitBounds;
import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers services that ask for admission outside the proxy; charges what it admits like any request. */
final class LimitChecks {

    private final LimitOwners owners;
    private final LimitCatalogue catalogue;
    private final RateLimiter limiter;
    private final QuotaWatch quotas;

    LimitChecks(LimitOwners owners, LimitCatalogue catalogue, RateLimiter limiter, QuotaWatch quotas) {
        this.owners = owners;
        this.catalogue = catalogue;
        this.limiter = limiter;
        this.quotas = quotas;
    }

    /** One answer for each item. An item is decided once those before it are charged; one that is wrong stops no other. */
    Mono<List<LimitAnswer>> answer(Identity caller, LimitQuestions questions) {
        int count = questions.items().size();
        if (count < 1 || count > LimitQuestions.MAX_ITEMS) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD, "items", "Send 1 to " + LimitQuestions.MAX_ITEMS + " items.");
        }
        owners.requireReady();
        return Flux.fromStream(IntStream.range(0, count).boxed())
                .concatMap(i -> answer(caller, questions.items().get(i))
                        .onErrorResume(ProblemException.class, problem -> Mono.just(LimitAnswer.wrong(i, problem))))
                .collectList();
    }

    private Mono<LimitAnswer> answer(Identity caller, @Nullable Item item) {
        return Mono.defer(() -> {
            if (item == null) {
                throw new ProblemException(ProblemType.WRONG_TYPE, "Send an object.");
            }
            Identity owner = owners.of(caller, item.tenant(), item.key());
            TierLimits tier = catalogue.of(owner);
            List<Limit> limits = limits(tier, item);
            long cost = cost(tier, limits, item);
            Mono<LimitDecision> decision = cost == 0
                    ? limiter.peek(owner.tenant(), limits)
                    : limiter.decide(owner.tenant(), limits, cost).doOnNext(made -> quotas.see(owner, limits, made));
            return decision.map(made -> LimitAnswer.of(owner.tenant(), tier, made));
        });
    }

    private static List<Limit> limits(TierLimits tier, Item item) {
        String group = item.group();
        String name = item.limit();
        if ((group == null) == (name == null)) {
            throw wrong("group", "Name either a group or a limit.");
        }
        if (group != null) {
            if (!RouteGroups.isKnown(group) || group.equals(RouteGroups.EVERY)) {
                throw wrong("group", "There is no such route group; see the limits of the tiers for those there are.");
            }
            return tier.of(group);
        }
        List<Limit> limits = tier.named(name == null ? "" : name);
        if (limits.isEmpty()) {
            throw ProblemException.ofField(
                    ProblemType.NOT_FOUND, "limit", "There is no limit of this name for the tenant.");
        }
        return limits;
    }

    private static long cost(TierLimits tier, List<Limit> limits, Item item) {
        Long given = item.cost();
        if (given == null) {
            return item.group() == null ? 1 : tier.costOf(item.group());
        }
        if (given < 0 || given > LimitBounds.MAX_COST) {
            throw ProblemException.ofField(
                    ProblemType.NUMBER_OUT_OF_RANGE,
                    "cost",
                    "Send a cost of 0 to " + LimitBounds.MAX_COST + " cost units.");
        }
        limits.stream()
                .filter(limit -> limit.mode() == Limit.Mode.ENFORCE && limit.burst() < given)
                .findFirst()
                .ifPresent(limit -> {
                    throw wrong(
                            "cost",
                            "The limit " + limit.name() + " never admits more than " + limit.burst()
                                    + " at once; do less at a time.");
                });
        return given;
    }

    private static ProblemException wrong(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
