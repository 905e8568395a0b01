package dev.sluice.gateway.ratelimit;

import reactor.core.publisher.Mono;

/** The shared limits did not decide in time. What they decide all the same can be waited for. */
final class LateDecisionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Mono<LimitDecision> decision;

    LateDecisionException(Mono<LimitDecision> decision, Throwable cause) {
        super("no decision in time", cause);
        this.decision = decision;
    }

    /** An error when it is not known whether it was ever made; repeats what it said. */
    Mono<LimitDecision> decision() {
        return decision;
    }
}
