package dev.sluice.metrics.tally;

import dev.sluice.record.MissClass;
import java.util.Locale;

/**
 * Why a read missed, as the node told that served it. The code is what stores hold, so it never changes; a new cause takes the next
 * one.
 */
public enum MissCause {
    /** Nobody has put the value, as far as the node knows. */
    COLD(0),
    /** The value had come to the end of its freshness. */
    EXPIRED(1),
    /** It was gone before its time, with nobody having removed it. */
    EVICTED(2),
    /** It was removed, or purged. */
    INVALIDATED(3),
    /** Reads that failed, and those of which the node did not know. */
    UNEXPLAINED(4);

    private final int code;

    MissCause(int code) {
        this.code = code;
    }

    static MissCause of(MissClass told) {
        return switch (told) {
            case COLD -> COLD;
            case EXPIRED -> EXPIRED;
            case EVICTED -> EVICTED;
            case INVALIDATED -> INVALIDATED;
            case UNKNOWN -> UNEXPLAINED;
        };
    }

    /** The name in answers, rollups and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    int code() {
        return code;
    }
}
