package dev.sluice.cache.engine;

/** How a read was answered; the names are those of the record {@code CacheOutcome} on the log. */
public enum ReadOutcome {
    L1_HIT,
    L2_HIT,
    /** Answered although expired. */
    STALE,
    MISS,
    /** Known to be absent at the origin. */
    NEGATIVE,
    /** The second level did not answer and the first had no copy. */
    ERROR
}
