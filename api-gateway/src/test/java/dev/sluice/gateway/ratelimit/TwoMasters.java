package dev.sluice.gateway.ratelimit;

import java.util.List;
import reactor.core.publisher.Mono;

/** Two masters of a cluster, each with the counts of its own tenants. */
record TwoMasters(SharedLimits one, SharedLimits other) implements SharedLimits {

    private static final String OTHER = "other";

    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return masterOf(tenant).decide(tenant, limits, cost);
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return masterOf(tenant).lease(tenant, call);
    }

    @Override
    public Mono<LeaseEpoch> greet(String gateway, long recounted) {
        return Mono.zip(one.greet(gateway, recounted), other.greet(gateway, recounted))
                .map(both -> new LeaseEpoch(
                        both.getT1().born() + both.getT2().born(),
                        Math.min(both.getT1().age(), both.getT2().age()),
                        1));
    }

    @Override
    public Mono<Void> caughtUp() {
        return Mono.when(one.caughtUp(), other.caughtUp());
    }

    @Override
    public String holderOf(String tenant) {
        return tenant.startsWith(OTHER) ? OTHER : "one";
    }

    private SharedLimits masterOf(String tenant) {
        return tenant.startsWith(OTHER) ? other : one;
    }
}
