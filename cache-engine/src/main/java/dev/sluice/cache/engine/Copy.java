package dev.sluice.cache.engine;

import reactor.core.publisher.Mono;

/**
 * What the first level holds of one key, with its answer made beforehand so that a hit allocates nothing.
 *
 * @param generation of the {@link FillGuard} when it was kept; a copy of an earlier one is dead
 */
record Copy(CacheEntry entry, long expiresAtMillis, long generation, ReadResult result, Mono<ReadResult> answer) {

    /** Estimate of what an entry costs besides its value and the characters of its key, in bytes. */
    private static final int OVERHEAD = 320;

    static Copy of(CacheEntry entry, long generation) {
        ReadResult result = ReadResult.of(ReadOutcome.L1_HIT, entry);
        return new Copy(entry, entry.expiresAt().toEpochMilli(), generation, result, Mono.just(result));
    }

    long version() {
        return entry.version();
    }

    int weight(CacheKey key) {
        long weight = OVERHEAD
                + 2L
                        * (key.tenant().length()
                                + key.namespace().length()
                                + key.key().length())
                + entry.value().contentType().length()
                + entry.value().size();
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }
}
