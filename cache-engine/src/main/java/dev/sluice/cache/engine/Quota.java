package dev.sluice.cache.engine;

/**
 * How much of the second level entries may take together. A put that would go beyond it fails with {@link QuotaExceededException};
 * one that replaces an entry by one no larger does not, and neither do reads and deletes.
 *
 * @param maxEntries values and known absences; {@link #UNBOUNDED} for any number
 * @param maxBytes what the second level holds for them, with their keys: packed where they lie packed; {@link #UNBOUNDED} for any
 */
public record Quota(long maxEntries, long maxBytes) {

    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** Nothing is counted for its sake. */
    public static final Quota NONE = new Quota(UNBOUNDED, UNBOUNDED);

    public Quota {
        if (maxEntries < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("a quota must be positive");
        }
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
