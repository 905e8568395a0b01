package dev.sluice.gateway.ratelimit;

import java.util.List;
import reactor.core.publisher.Mono;

/** Port: the limits as all gateways count them together. What is cancelled may or may not have happened. */
interface SharedLimits {

    /** One decision, as {@link LimitDecision#decide} makes it; charges what it admits. */
    Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost);

    /** Takes in what a lease book reports, and grants it leases. */
    Mono<LeaseReply> lease(String tenant, LeaseCall call);

    /**
     * Which life of the counts this is.
     *
     * @param recounted the birth of the epoch that this gateway has told all it knows; 0 for none
     */
    Mono<LeaseEpoch> greet(String gateway, long recounted);

    /** Who holds a tenant's counts: the silence of one says nothing of another. */
    default String holderOf(String tenant) {
        return "all";
    }

    /** Completes when this process has read every answer that has arrived, which takes long only where it gets no processor. */
    Mono<Void> caughtUp();
}
