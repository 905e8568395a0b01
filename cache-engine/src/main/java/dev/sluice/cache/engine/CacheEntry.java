package dev.sluice.cache.engine;

import java.time.Instant;

/**
 * A value as it was stored. The version grows with every change of its key and never repeats; both instants are on the
 * clock of this node, whatever clock the second level has.
 */
public record CacheEntry(CacheValue value, long version, Instant storedAt, Instant expiresAt) {

    public CacheEntry {
        if (version <= 0) {
            throw new IllegalArgumentException("version must be positive");
        }
        if (expiresAt.isBefore(storedAt)) {
            throw new IllegalArgumentException("expiresAt must not be before storedAt");
        }
    }
}
