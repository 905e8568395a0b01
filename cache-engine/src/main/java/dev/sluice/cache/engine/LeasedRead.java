package dev.sluice.cache.engine;

import java.util.Optional;

/**
 * A read by someone who would make the value. The lease is there when the value is missing, stale or due: granted, so
 * make it, or held by another, so wait for it or serve what there is.
 */
public record LeasedRead(ReadResult result, Optional<Lease> lease) {

    static LeasedRead without(ReadResult result) {
        return new LeasedRead(result, Optional.empty());
    }
}
