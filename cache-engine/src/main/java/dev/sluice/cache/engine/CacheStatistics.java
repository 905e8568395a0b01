package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What one cache on one node has done since it was made, and how it stands. The counts only grow; those of one moment are
 * not taken all at once, so that one may be ahead of another by what happened meanwhile.
 *
 * @param since when the counting began, on the clock of this node
 * @param purged copies on this node that a purge removed, or cut to a stale one
 * @param touched how often the second level was told that copies on this node are read, so that they do not end idle
 */
public record CacheStatistics(
        Instant since,
        Reads reads,
        Changes puts,
        Changes deletes,
        Loads loads,
        Leases leases,
        long purged,
        long touched,
        FirstLevelUse firstLevel,
        Memory memory,
        SecondLevelState secondLevel) {

    /**
     * Answers by what they were; one of these for each read.
     *
     * @param l1Hits fresh values from this node
     * @param l2Hits fresh values from the second level
     * @param stale values that were answered although expired
     * @param negative known absences
     * @param errors the second level did not answer and the first had no copy
     */
    public record Reads(long l1Hits, long l2Hits, long stale, long misses, long negative, long errors) {

        public long all() {
            return l1Hits + l2Hits + stale + misses + negative + errors;
        }

        /** The part of all reads that the cache answered by itself, whatever the level; empty before the first. */
        public OptionalDouble hitRate() {
            return part(l1Hits + l2Hits + stale + negative);
        }

        /** The part of all reads that were answered with a fresh value from this node; empty before the first read. */
        public OptionalDouble firstLevelHitRate() {
            return part(l1Hits);
        }

        private OptionalDouble part(long some) {
            long all = all();
            return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) some / all);
        }
    }

    /**
     * How puts or deletes ended. Unavailable ones may have happened; failed ones asked for what cannot be.
     *
     * @param overQuota puts for which a {@link Quota} left no room
     */
    public record Changes(long done, long conditionFailed, long unavailable, long overQuota, long failed) {}

    /**
     * Calls of loaders on this node.
     *
     * @param failed the loader answered with an error or nothing
     * @param timedOut given up after the hard patience
     * @param coalesced reads that shared a load that another had begun
     * @param early begun although what was there was fresh still, by chance before its end
     * @param revalidating begun for what was stale
     * @param coveredByStale reads that took something stale after the soft patience or an error
     * @param time spent in all loaders, whatever their end
     */
    public record Loads(
            long succeeded,
            long failed,
            long timedOut,
            long coalesced,
            long early,
            long revalidating,
            long coveredByStale,
            Duration time) {}

    /** How the second level answered those who asked to make a value: given, held by another, or changed meanwhile. */
    public record Leases(long granted, long held, long changed) {}

    /**
     * Of the copies on this node; weights are estimates in bytes.
     *
     * @param open whether reads look at it; closed while the log lags
     * @param evictedForSize copies that had to leave for others
     * @param expired copies that came to their end
     * @param voidedFills values that were not kept because their key may have changed while they were read
     */
    public record FirstLevelUse(
            boolean open,
            long entries,
            long weight,
            long maxWeight,
            Evictions evictedForSize,
            Evictions expired,
            long voidedFills) {}

    /**
     * How short memory is, and what the first level gave up for that.
     *
     * @param used part of the heap, where long-lived objects are, that the last collection of garbage left; empty before the first, and where nobody
     *     measures
     * @param fullWeight what the first level may weigh while memory is free, in bytes
     * @param floorWeight what it may weigh however short memory is, in bytes
     * @param shrunk how often it had to
     * @param grown how often it grew again
     */
    public record Memory(OptionalDouble used, long fullWeight, long floorWeight, long shrunk, long grown) {}

    /** How many copies, and what they weighed in bytes. */
    public record Evictions(long count, long weight) {}

    /** Whether the second level is asked: always, by one call that tries, or by none for a while. */
    public enum SecondLevelState {
        /** There is none. */
        NONE,
        ASKED,
        TRIED,
        LEFT_ALONE
    }
}
