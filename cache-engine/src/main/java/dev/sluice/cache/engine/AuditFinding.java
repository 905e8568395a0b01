package dev.sluice.cache.engine;

/** What came of holding a copy against the second level. */
public enum AuditFinding {
    /** The same version. */
    CONSISTENT,
    /** It differed, and did not any more when it was looked at again: the change was on its way. */
    SETTLED,
    /** The second level has something newer, or knows that it was removed, and the copy was still served. */
    STALE,
    /** The second level has nothing, or something older, and the copy was still served. */
    ORPHANED,
    /** The second level did not answer. */
    UNANSWERED;

    boolean isWrong() {
        return this == STALE || this == ORPHANED;
    }

    boolean isKnown() {
        return this != UNANSWERED;
    }
}
