package dev.sluice.cache.engine;

import reactor.core.publisher.Mono;

/** What the first level holds of one key, with its answer made beforehand so that a hit allocates nothing. */
final class Copy {

    /** Estimate of what an entry costs besides its value, its tags and the characters of its key, in bytes. */
    private static final int OVERHEAD = 376;

    private final CacheEntry entry;
    private final long calmUntilMillis;
    private final long endsAtMillis;
    private final long generation;
    private final ReadResult result;
    private final Mono<ReadResult> answer;
    private volatile long judgedAt = -1;

    private Copy(CacheEntry entry, long generation) {
        this.entry = entry;
        this.generation = generation;
        calmUntilMillis = Freshness.calmUntil(entry);
        endsAtMillis = entry.endsAt().toEpochMilli();
        result = ReadResult.fresh(ReadOutcome.L1_HIT, entry);
        answer = Mono.just(result);
    }

    static Copy of(CacheEntry entry, long generation) {
        return new Copy(entry, generation);
    }

    CacheEntry entry() {
        return entry;
    }

    /** Before then the entry is fresh and far from due; after it the rules must be asked. */
    long calmUntilMillis() {
        return calmUntilMillis;
    }

    long endsAtMillis() {
        return endsAtMillis;
    }

    /** Of the {@link FillGuard} when it was kept; a copy of an earlier one is dead. */
    long generation() {
        return generation;
    }

    ReadResult result() {
        return result;
    }

    Mono<ReadResult> answer() {
        return answer;
    }

    long version() {
        return entry.version();
    }

    /** Whether no epoch was heard of since it was found to be under none. */
    boolean isJudgedAt(long sequence) {
        return judgedAt == sequence;
    }

    void judged(long sequence) {
        judgedAt = sequence;
    }

    int weight(CacheKey key) {
        long weight = OVERHEAD
                + 2L
                        * (key.tenant().length()
                                + key.namespace().length()
                                + key.key().length())
                + entry.value().contentType().length()
                + entry.value().tags().stream()
                        .mapToLong(tag -> 64L + tag.length())
                        .sum()
                + entry.value().size();
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }
}
