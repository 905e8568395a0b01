package dev.sluice.cache.engine;

import java.util.Optional;

/** What a read found, and where. */
public record ReadResult(ReadOutcome outcome, Optional<CacheEntry> entry) {

    static final ReadResult MISS = new ReadResult(ReadOutcome.MISS, Optional.empty());
    static final ReadResult ERROR = new ReadResult(ReadOutcome.ERROR, Optional.empty());

    static ReadResult of(ReadOutcome outcome, CacheEntry entry) {
        return new ReadResult(outcome, Optional.of(entry));
    }
}
