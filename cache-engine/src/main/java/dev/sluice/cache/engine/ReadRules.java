package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What becomes of an entry that was found: served, served as stale, or not. */
final class ReadRules {

    private final InstantSource clock;
    private final RandomGenerator random;
    private final double earlyRefresh;

    ReadRules(InstantSource clock, RandomGenerator random, double earlyRefresh) {
        this.clock = clock;
        this.random = random;
        this.earlyRefresh = earlyRefresh;
    }

    /** For a reader who cannot make the value anew. */
    ReadResult settle(ReadResult found, StaleReads accepted) {
        return found.entry()
                .map(entry -> settle(found, entry, Freshness.of(entry.lifetime(), age(entry)), accepted))
                .orElse(found);
    }

    /** Whether and how a found entry may be served now; by chance it is due early. */
    Freshness judge(CacheEntry entry) {
        return Freshness.of(entry.lifetime(), age(entry), entry.cost(), earlyRefresh, random);
    }

    static ReadResult settle(ReadResult found, CacheEntry entry, Freshness freshness, StaleReads accepted) {
        return switch (freshness) {
            case FRESH, FRESH_BUT_DUE -> ReadResult.fresh(found.outcome(), entry);
            case STALE_WHILE_REVALIDATE -> ReadResult.fresh(ReadOutcome.STALE, entry);
            case STALE_IF_ERROR ->
                accepted == StaleReads.AFTER_ERROR ? ReadResult.fresh(ReadOutcome.STALE, entry) : ReadResult.MISS;
            case GONE -> ReadResult.MISS;
        };
    }

    private Duration age(CacheEntry entry) {
        return entry.age(clock.instant());
    }
}
