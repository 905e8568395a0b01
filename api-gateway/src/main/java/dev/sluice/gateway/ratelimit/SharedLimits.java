package dev.sluice.gateway.ratelimit;

import java.util.List;
import reactor.core.publisher.Mono;

/** Port: the limits as all gateways count them together. What is cancelled may or may not have happened. */
interface SharedLimits {

    /** One decision, as {@link LimitDecision#decide} makes it; charges what it admits. */
    Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost);

    /** Takes in what a lease book reports, and grants it leases. */
    Mono<LeaseReply> lease(String tenant, LeaseCall call);
}
