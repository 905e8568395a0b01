package dev.sluice.metrics.event;

import dev.sluice.metrics.event.EventTally.Count;
import dev.sluice.metrics.fact.FactKind;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.Rollup;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an event says about its type; it counts where it was accepted, since {@code time} is what its producer claims. The events of a type lie in
 * all partitions, and a rollup of one of them would take the place of the others': so there are none.
 */
final class EventFacts implements FactKind<DomainEvent, EventTally> {
    private final Level windows;

    EventFacts(Level windows) {
        this.windows = windows;
    }

    @Override
    public String tenantOf(DomainEvent event) {
        return event.getTenant();
    }

    @Override
    public String nameOf(DomainEvent event) {
        return event.getType();
    }

    @Override
    public SortedMap<Long, EventTally> split(DomainEvent event, long atMillis, long nowMillis) {
        ByteBuffer data = event.getData();
        EventTally tally = new EventTally();
        tally.add(data == null ? 0 : data.remaining());
        SortedMap<Long, EventTally> tallies = new TreeMap<>();
        tallies.put(windows.startOf(atMillis), tally);
        return tallies;
    }

    @Override
    public long count(EventTally tally) {
        return tally.count(Count.EVENTS);
    }

    @Override
    public Optional<Rollup> rollup(NamedDimension type, long windowStart, Duration size, EventTally tally) {
        return Optional.empty();
    }
}
