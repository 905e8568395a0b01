package dev.sluice.gateway.apikey;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import reactor.core.publisher.Mono;

/** For whom the answer to a change of a key waits: for this gateway only, or, {@code wait=all}, for every one. */
enum Wait {
    NONE,
    ALL;

    static final String PARAMETER = "wait";

    static Wait of(StrictQuery query) {
        return query.text(PARAMETER)
                .map(value -> {
                    if (!value.equals("all")) {
                        throw ProblemException.ofField(
                                ProblemType.INVALID_PARAMETER,
                                PARAMETER,
                                "Send wait=all to hear when every gateway has applied it, or leave it out.");
                    }
                    return ALL;
                })
                .orElse(NONE);
    }

    /** How far a change has spread in the end; empty when that is not waited for. */
    Mono<Propagation> on(Change<?> change) {
        return this == ALL ? Mono.fromFuture(change::inForce, true) : Mono.empty();
    }
}
