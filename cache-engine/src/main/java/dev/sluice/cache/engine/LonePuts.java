package dev.sluice.cache.engine;

import java.time.InstantSource;
import reactor.core.publisher.Mono;

/**
 * Values that a node keeps by itself while the second level is left alone. What that holds under the key is renounced
 * first, by an epoch that this node issues from its own clock: when the second level is back, the older value is gone for
 * all who have heard of it, and the first level starts empty. So nothing that was written meanwhile is found later, and
 * nothing older is either. Nodes and the second level have to agree on the time to as much as lies between two writes.
 */
final class LonePuts {

    private final FirstLevel first;
    private final Epochs epochs;
    private final SingleLevel alone;

    LonePuts(FirstLevel first, Epochs epochs, InstantSource clock) {
        this.first = first;
        this.epochs = epochs;
        this.alone = new SingleLevel(first, epochs, clock);
    }

    /** Fails with {@link TooManyPurgesException} when the tenant would have more than the second level would take. */
    Epoch renounce(CacheKey key) {
        long there = epochs.all().stream()
                .filter(epoch -> epoch.tenant().equals(key.tenant()))
                .count();
        if (there >= Epochs.MAX_PER_TENANT) {
            throw new TooManyPurgesException();
        }
        Copy copy = first.find(key);
        long number = alone.versionAbove(copy == null ? 0 : copy.version());
        Epoch epoch = new Epoch(key.tenant(), key.namespace(), PurgeScope.key(key.key()), false, number);
        epochs.add(epoch);
        return epoch;
    }

    Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime) {
        return alone.put(key, value, lifetime, Condition.any());
    }
}
