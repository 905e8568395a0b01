package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides requests out of leases where limits are large, by the shared limits where they are small, and by the local ones
 * when the shared do not answer in time. Never fails, and never waits for a Redis that is silent or lost. Thread-safe.
 */
final class RateLimiter {

    private final GuardedLimits shared;
    private final LeaseDesk desk;
    private final LocalLimits local;
    private final LimitFloors floors;
    private final ChargeLog charges;
    private final long leaseFrom;
    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Map<OnRedisLoss, Counter> fallbacks = new EnumMap<>(OnRedisLoss.class);
    private final Counter shadowRefusals;
    private final Counter localDecisions;
    private final Clock clock;
    private final Timer waits;

    /**
     * @param floors stands in for what this gateway never heard of a window
     * @param leaseFrom from which size on a limit is leased; a request under any smaller one is decided by a call of its
     *     own
     */
    RateLimiter(
            GuardedLimits shared,
            LeaseDesk desk,
            LocalLimits local,
            LimitFloors floors,
            ChargeLog charges,
            long leaseFrom,
            MeterRegistry meters) {
        this.shared = shared;
        this.desk = desk;
        this.local = local;
        this.floors = floors;
        this.charges = charges;
        this.leaseFrom = leaseFrom;
        this.localDecisions = Counter.builder("sluice.ratelimit.local.decisions")
                .description("Decisions by this gateway's own counts, because Redis did not answer or was not asked")
                .register(meters);
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    Counter.builder("sluice.ratelimit.decisions")
                            .description("Requests by what the limits made of them")
                            .tag("verdict", verdict.tag())
                            .register(meters));
        }
        for (OnRedisLoss policy : OnRedisLoss.values()) {
            fallbacks.put(
                    policy,
                    Counter.builder("sluice.limit.fallbacks")
                            .description("Requests decided without Redis, by the policy that decided")
                            .tag("policy", policy.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        this.clock = meters.config().clock();
        this.waits = Timer.builder("sluice.limit.wait")
                .description("How long requests waited that were not decided out of what is held")
                .register(meters);
        this.shadowRefusals = Counter.builder("sluice.limit.shadow.refusals")
                .description("Requests that a limit in shadow mode would have refused")
                .register(meters);
    }

    /** Decides a request and charges it when it is admitted. What is held for the tenant is spent when this is called. */
    Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        if (cost == 0 || !areLeased(limits)) {
            return timed(tenant, limits, cost, Mono.defer(() -> ask(tenant, limits, cost)));
        }
        LimitDecision held = desk.decide(tenant, limits, cost);
        if (held != null) {
            made(tenant, limits, cost, held);
            return Mono.just(held);
        }
        return timed(
                tenant,
                limits,
                cost,
                desk.await(tenant, limits, cost).onErrorResume(failure -> Mono.just(admitAlone(tenant, limits, cost))));
    }

    private Mono<LimitDecision> timed(String tenant, List<Limit> limits, long cost, Mono<LimitDecision> decision) {
        return Mono.defer(() -> {
            Timer.Sample waiting = Timer.start(clock);
            return decision.doOnNext(made -> {
                waiting.stop(waits);
                made(tenant, limits, cost, made);
            });
        });
    }

    /** Where the tenant stands; charges nothing. What this gateway holds for it counts as left, what others hold does not. */
    Mono<LimitDecision> peek(String tenant, List<Limit> limits) {
        if (limits.isEmpty()) {
            return Mono.just(local.decide(tenant, limits, 0));
        }
        return Mono.defer(() -> desk.settle(tenant))
                .then(shared.decide(tenant, limits, 0))
                .map(seen -> desk.addHeld(tenant, limits, seen))
                .onErrorResume(failure -> Mono.just(standIn(tenant, limits, 0)));
    }

    private Mono<LimitDecision> ask(String tenant, List<Limit> limits, long cost) {
        if (limits.isEmpty()) {
            return Mono.just(local.decide(tenant, limits, cost));
        }
        LeaseBook.Mark asked = desk.mark(tenant, limits);
        return desk.settle(tenant)
                .then(shared.decide(tenant, limits, cost))
                .map(decision -> desk.confirm(tenant, limits, decision, cost, asked))
                .doOnNext(decision -> heard(tenant, limits, cost, decision))
                .onErrorResume(LateDecisionException.class, late -> {
                    LimitDecision decision = standIn(tenant, limits, cost);
                    if (cost > 0 && decision.verdict().admits()) {
                        oweUnlessCharged(tenant, limits, cost, asked, late);
                    }
                    return Mono.just(decision);
                })
                .onErrorResume(failure -> Mono.just(admitAlone(tenant, limits, cost)));
    }

    private void oweUnlessCharged(
            String tenant, List<Limit> limits, long cost, LeaseBook.Mark asked, LateDecisionException late) {
        late.decision()
                .filter(made -> made.verdict().admits())
                .doOnNext(charged -> desk.confirm(tenant, limits, charged, cost, asked))
                .onErrorComplete()
                .hasElement()
                .filter(wasCharged -> !wasCharged)
                .subscribe(uncharged -> desk.owe(tenant, limits, cost));
    }

    private LimitDecision admitAlone(String tenant, List<Limit> limits, long cost) {
        LimitDecision decision = standIn(tenant, limits, cost);
        if (cost > 0 && decision.verdict().admits()) {
            desk.owe(tenant, limits, cost);
        }
        return decision;
    }

    private void heard(String tenant, List<Limit> limits, long cost, LimitDecision decision) {
        if (cost > 0 && decision.verdict().admits()) {
            local.note(tenant, limits, cost);
        }
        local.learn(
                tenant,
                limits,
                decision.uses().stream().mapToLong(LimitUse::used).toArray());
    }

    private LimitDecision standIn(String tenant, List<Limit> limits, long cost) {
        long @Nullable [] heard = desk.used(tenant, limits);
        long[] used = heard == null ? new long[limits.size()] : heard;
        for (int i = 0; i < used.length; i++) {
            // Once it counts by itself, the log tells of that too.
            used[i] = used[i] == 0 ? floors.used(tenant, limits.get(i)) : used[i];
        }
        local.learn(tenant, limits, used);
        LimitDecision decision = local.decide(tenant, limits, cost);
        localDecisions.increment();
        if (cost > 0) {
            increment(fallbacks.get(policy(limits, decision)));
        }
        return decision;
    }

    private static OnRedisLoss policy(List<Limit> limits, LimitDecision decision) {
        if (decision.verdict() == Verdict.CLOSED) {
            return OnRedisLoss.CLOSED;
        }
        boolean shares = limits.stream().anyMatch(limit -> limit.onRedisLoss() == OnRedisLoss.SHARE);
        return shares ? OnRedisLoss.SHARE : OnRedisLoss.OPEN;
    }

    private boolean areLeased(List<Limit> limits) {
        for (Limit limit : limits) {
            if (!limit.isLeased(leaseFrom)) {
                return false;
            }
        }
        return !limits.isEmpty();
    }

    private void made(String tenant, List<Limit> limits, long cost, LimitDecision decision) {
        charges.decided(tenant, limits, decision, cost);
        increment(verdicts.get(decision.verdict()));
        if (decision.verdict() == Verdict.SHADOW_EXCEEDED) {
            shadowRefusals.increment();
        }
    }

    private static void increment(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
