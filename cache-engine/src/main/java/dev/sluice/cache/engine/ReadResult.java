package dev.sluice.cache.engine;

import java.util.Optional;

/** What a read found, and where. A miss has an entry when the value was made for this read. */
public record ReadResult(ReadOutcome outcome, Optional<CacheEntry> entry) {

    static final ReadResult MISS = new ReadResult(ReadOutcome.MISS, Optional.empty());
    static final ReadResult ERROR = new ReadResult(ReadOutcome.ERROR, Optional.empty());
    static final ReadResult NEGATIVE = new ReadResult(ReadOutcome.NEGATIVE, Optional.empty());

    static ReadResult of(ReadOutcome outcome, CacheEntry entry) {
        return new ReadResult(outcome, Optional.of(entry));
    }

    /** Nothing when it is older. */
    ReadResult notBefore(long version) {
        return entry.isPresent() && entry.get().version() < version ? MISS : this;
    }

    /** Of an entry that is fresh: what it says of an absence is that there is nothing. */
    static ReadResult fresh(ReadOutcome outcome, CacheEntry entry) {
        return entry.value().isAbsence() ? NEGATIVE : of(outcome, entry);
    }
}
