package dev.sluice.gateway.apikey;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A change of a key that is in the log.
 *
 * @param subject what was changed, as it is now
 * @param inForce completes when every gateway holds callers to it, or when it is no longer waited for
 */
record Change<T>(T subject, CompletableFuture<Propagation> inForce) {

    <R> Change<R> map(Function<T, R> view) {
        return new Change<>(view.apply(subject), inForce);
    }
}
