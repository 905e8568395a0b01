package dev.sluice.gateway.stream;

import dev.sluice.platform.web.ByteBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits for one client. It never holds more than it may: what comes while it is full is left out and counted, until
 * the client has caught up by half; then one gap stands in its place. What was taken counts as held until the next
 * taking, since it is being written. Not thread-safe.
 */
final class StreamBuffer {

    private final int maxEvents;
    private final long maxBytes;
    private final ByteBudget budget;

    private final Deque<StreamItem> waiting = new ArrayDeque<>();
    private int events;
    private long bytes;
    private long takenBytes;

    private Positions last;
    private long lost;
    private Positions lostTo;

    /**
     * An empty buffer.
     *
     * @param budget what all buffers together may hold
     * @param start where the client is
     */
    StreamBuffer(int maxEvents, long maxBytes, ByteBudget budget, Positions start) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.last = start;
        this.lostTo = start;
    }

    /** The client is there instead, while nothing was put in yet. */
    void startAt(Positions start) {
        last = start;
        lostTo = start;
    }

    /** Puts an event in, or leaves it out when there is no room. */
    void offer(StreamedEvent event, Positions behind) {
        if (lost == 0 && tryPut(event, behind)) {
            return;
        }
        lost++;
        lostTo = behind;
    }

    /** Puts an event in if there is room; a single one always fits as far as this client is concerned. */
    boolean tryPut(StreamedEvent event, Positions behind) {
        int size = event.heldBytes();
        boolean room = events == 0 || (events < maxEvents && bytes + size <= maxBytes);
        if (!room || !budget.tryReserve(size)) {
            return false;
        }
        events++;
        bytes += size;
        put(new StreamItem.Event(event, behind));
        return true;
    }

    /** Puts in what is no event and weighs nothing. */
    void put(StreamItem item) {
        if (lost > 0) {
            waiting.add(new StreamItem.Slow(last, lostTo, lost));
            lost = 0;
        }
        waiting.add(item);
        last = item.behind();
    }

    /** Takes what comes next, of at most so many bytes but for a single event; what was taken before is written. */
    List<StreamItem> take(long most) {
        written();
        List<StreamItem> taken = new ArrayList<>();
        tellOfLost();
        for (StreamItem next = waiting.peek(); next != null; next = waiting.peek()) {
            int size = next instanceof StreamItem.Event event ? event.event().heldBytes() : 0;
            if (!taken.isEmpty() && takenBytes + size > most) {
                break;
            }
            taken.add(waiting.remove());
            if (size > 0) {
                events--;
                bytes -= size;
                takenBytes += size;
            }
            tellOfLost();
        }
        return taken;
    }

    private void tellOfLost() {
        if (lost > 0 && events <= maxEvents / 2 && bytes <= maxBytes / 2) {
            StreamItem gap = new StreamItem.Slow(last, lostTo, lost);
            lost = 0;
            put(gap);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty() && lost == 0;
    }

    /** Whether no more waits than this part of what may. */
    boolean isBelow(int part) {
        return events <= maxEvents / part && bytes <= maxBytes / part;
    }

    /** How many bytes of events wait or are being written. */
    long heldBytes() {
        return bytes + takenBytes;
    }

    /** Forgets what waits. */
    void clear() {
        written();
        waiting.clear();
        budget.release(bytes);
        events = 0;
        bytes = 0;
        lost = 0;
    }

    private void written() {
        budget.release(takenBytes);
        takenBytes = 0;
    }
}
