package dev.sluice.metrics.event;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.fact.Counts;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import org.jspecify.annotations.Nullable;

/**
 * The events of one type in one window, exactly. Tallies merge in any order. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 1: version, each {@link Count} in its order.
 */
public final class EventTally implements Tally<EventTally> {
    public static final TallyKind<EventTally> KIND = new TallyKind<>(EventTally::new, EventTally::decode);

    private static final int VERSION = 1;
    private static final Count[] COUNTS = Count.values();

    /** What is counted; the order is that of what stores hold, so it never changes. */
    public enum Count {
        EVENTS,
        /** Sizes of their data. */
        BYTES
    }

    private final Counts<Count> counts = new Counts<>(COUNTS);

    /** Counts one event. */
    void add(long bytes) {
        counts.add(Count.EVENTS, 1);
        counts.add(Count.BYTES, bytes);
    }

    @Override
    public void merge(EventTally other) {
        counts.merge(other.counts);
    }

    public long count(Count count) {
        return counts.count(count);
    }

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION);
        counts.encode(out);
    }

    /** Reads an encoded tally; refuses anything else. */
    public static EventTally decode(CompactReader in) {
        in.expectVersion(VERSION);
        EventTally tally = new EventTally();
        tally.counts.decode(in);
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventTally that && counts.equals(that.counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return "EventTally[counts=" + counts + "]";
    }
}
