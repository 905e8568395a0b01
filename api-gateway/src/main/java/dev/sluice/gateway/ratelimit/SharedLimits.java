package dev.sluice.gateway.ratelimit;

import java.util.List;
import reactor.core.publisher.Mono;

/** Port: the limits as all gateways count them together. Decides and charges as {@link LimitDecision#decide} does. */
interface SharedLimits {

    /** One decision; an error when it cannot be had. What is cancelled may or may not have been charged. */
    Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost);
}
