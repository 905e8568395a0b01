package dev.sluice.metrics.ladder;

import dev.sluice.metrics.encoding.CompactWriter;

/** What was counted; tallies merge in any order and grouping, and the result is as if one had counted all of it. */
public interface Tally<T> {
    /** Counts everything that the other tally has counted; the other one stays as it is. */
    void merge(T other);

    void encode(CompactWriter out);
}
