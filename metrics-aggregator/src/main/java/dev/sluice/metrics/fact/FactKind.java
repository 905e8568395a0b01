package dev.sluice.metrics.fact;

import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.topology.RefusedRecordException;
import dev.sluice.record.Rollup;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/** What records of one topic say. Pure. */
public interface FactKind<V, T extends Tally<T>> {
    /** Whether a record says nothing that is counted. */
    default boolean isEmpty(V value) {
        return false;
    }

    String tenantOf(V value);

    String nameOf(V value);

    /**
     * What it counts, by start of the window of the shortest level.
     *
     * @param atMillis accepted time of the record
     * @param nowMillis what no time may lie far ahead of
     */
    SortedMap<Long, T> split(V value, long atMillis, long nowMillis);

    /** How many facts a tally has counted. */
    long count(T tally);

    /** What others are told of a window that has closed; empty where nobody is. */
    Optional<Rollup> rollup(NamedDimension dimension, long windowStart, Duration size, T tally);

    /** A record says something impossible: sets it aside, unless somebody else does. */
    default void refuse(String reason) {
        throw new RefusedRecordException(reason);
    }
}
