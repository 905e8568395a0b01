package dev.sluice.cache.engine;

import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Sees that what is read from the second level is judged by all purges that were answered before: each read tells the
 * number of its tenant's last purge, and a node that has not heard of that one asks for all. So only copies of the first
 * level depend on the log.
 */
final class PurgeKnowledge {

    private final SecondLevel second;
    private final Epochs epochs;
    private final ConcurrentHashMap<String, Mono<Void>> underWay = new ConcurrentHashMap<>();

    PurgeKnowledge(SecondLevel second, Epochs epochs) {
        this.second = second;
        this.epochs = epochs;
    }

    /** Completes when every epoch of the tenant up to the number is known on this node. */
    Mono<Void> upTo(String tenant, long number) {
        return Mono.defer(() -> {
            if (number <= epochs.completeTo(tenant)) {
                return Mono.empty();
            }
            // One that was begun by another may be from before the number.
            return underWay.computeIfAbsent(tenant, this::ask)
                    .then(Mono.defer(() -> number <= epochs.completeTo(tenant) ? Mono.empty() : ask(tenant)));
        });
    }

    private Mono<Void> ask(String tenant) {
        return second.purges(tenant)
                .doOnNext(purges -> epochs.addAll(tenant, purges.epochs(), purges.last()))
                .then()
                .doFinally(ignored -> underWay.remove(tenant))
                .cache();
    }
}
