package dev.sluice.metrics.tally;

import dev.sluice.record.CacheOutcome;
import java.util.Locale;

/**
 * How a read was answered, as counted here. The code is what stores hold, so it never changes; a new outcome takes the
 * next one.
 */
public enum ReadOutcome {
    L1_HIT(0, Verdict.HIT),
    L2_HIT(1, Verdict.HIT),
    /** Answered with an entry past its freshness. */
    STALE(2, Verdict.HIT),
    MISS(3, Verdict.MISS),
    /** Answered from the cache with the knowledge that there is nothing. */
    NEGATIVE(4, Verdict.HIT),
    ERROR(5, Verdict.MISS),
    /** Written by a newer producer than this reader. */
    UNKNOWN(6, Verdict.MISS);

    /** A hit was answered from the cache; a miss is every other read, so that hits and misses add up to the reads. */
    public enum Verdict {
        HIT,
        MISS
    }

    private final int code;
    private final Verdict verdict;

    ReadOutcome(int code, Verdict verdict) {
        this.code = code;
        this.verdict = verdict;
    }

    public static ReadOutcome of(CacheOutcome outcome) {
        return switch (outcome) {
            case L1_HIT -> L1_HIT;
            case L2_HIT -> L2_HIT;
            case STALE -> STALE;
            case MISS -> MISS;
            case NEGATIVE -> NEGATIVE;
            case ERROR -> ERROR;
            case UNKNOWN -> UNKNOWN;
        };
    }

    public Verdict verdict() {
        return verdict;
    }

    /** The name in answers, rollups and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    int code() {
        return code;
    }
}
