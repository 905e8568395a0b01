package dev.sluice.cache.engine;

import reactor.core.publisher.Mono;

/**
 * What the first level holds of one key, with its answer made beforehand so that a hit allocates nothing.
 *
 * @param calmUntilMillis before then the entry is fresh and far from due; after it the rules must be asked
 * @param generation of the {@link FillGuard} when it was kept; a copy of an earlier one is dead
 */
record Copy(
        CacheEntry entry,
        long calmUntilMillis,
        long endsAtMillis,
        long generation,
        ReadResult result,
        Mono<ReadResult> answer) {

    /** Estimate of what an entry costs besides its value and the characters of its key, in bytes. */
    private static final int OVERHEAD = 360;

    static Copy of(CacheEntry entry, long generation) {
        ReadResult result = ReadResult.fresh(ReadOutcome.L1_HIT, entry);
        return new Copy(
                entry,
                Freshness.calmUntil(entry),
                entry.endsAt().toEpochMilli(),
                generation,
                result,
                Mono.just(result));
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
