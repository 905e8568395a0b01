package dev.sluice.gateway.stream;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * One client's stream: where it is, what waits for it, and whether it reads the past or hears what comes. It loses nothing
 * and hears nothing twice on its way from one to the other: it first begins to hear, notes how far the shared reader was,
 * reads the past up to there, and then takes what it heard since, but for what it knows already. Thread-safe.
 */
final class EventStream {

    /** At most so many records may lie between the past and the present when a stream begins to hear. */
    static final int JOIN_DISTANCE = 1_000;

    /** A stretch of the past may take this part of the buffer, and is read when no more than that is in it. */
    static final int PAST_PART = 4;

    private static final int AHEAD_PART = 2;

    private enum Phase {
        /** Reads the log by itself. */
        PAST,
        /** Reads the last stretch of the log and keeps what comes meanwhile. */
        JOINING,
        /** Hears what comes. */
        LIVE
    }

    /** What a client gets next: items, or the end, or nothing yet. */
    record Taken(List<StreamItem> items, @Nullable CloseReason closed) {}

    /** Which stretch of the log a stream wants to read. */
    record Stretch(Positions from, Positions until) {}

    private final String tenant;
    private final EventFilter filter;
    private final EventTailListener tail;
    private final StreamBounds bounds;
    private final StreamBuffer buffer;

    private final Queue<StreamedEvent> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private Phase phase = Phase.PAST;
    private Positions reached;
    private Positions joinedAt;
    private boolean reading;
    private @Nullable CloseReason closed;
    private @Nullable MonoSink<Void> waiter;
    private final Sinks.Empty<Void> closing = Sinks.empty();

    EventStream(String tenant, EventFilter filter, EventTailListener tail, StreamBounds bounds, Positions start) {
        this.tenant = tenant;
        this.filter = filter;
        this.tail = tail;
        this.bounds = bounds;
        this.buffer = bounds.newBuffer(start);
        this.reached = start;
        this.joinedAt = start;
    }

    String tenant() {
        return tenant;
    }

    EventFilter filter() {
        return filter;
    }

    /** Begins; {@code first} stands before all events. */
    synchronized void begin(@Nullable StreamItem first) {
        if (first != null) {
            buffer.put(first);
        }
        joinIfNear();
    }

    /** Begins with what comes from now on, and tells where that is. */
    synchronized Positions beginNow() {
        tail.join(this);
        // Asked after joining: what stands behind this will be heard.
        joinedAt = tail.positions().orElse(reached);
        reached = joinedAt;
        buffer.startAt(joinedAt);
        phase = Phase.LIVE;
        return joinedAt;
    }

    /** Takes an event that came to the log, on the thread of the shared reader. */
    void hear(StreamedEvent event) {
        MonoSink<Void> wake;
        synchronized (this) {
            switch (phase) {
                case PAST -> {}
                case JOINING -> keep(event);
                case LIVE -> hearLive(event);
            }
            wake = takeWaiter();
        }
        wake(wake);
    }

    private void hearLive(StreamedEvent event) {
        if (closed == null && event.offset() >= joinedAt.at(event.partition())) {
            buffer.offer(event, event.behind().max(joinedAt));
        }
    }

    private void keep(StreamedEvent event) {
        ahead.add(event);
        aheadBytes += event.heldBytes();
        if (ahead.size() > bounds.maxEvents() / AHEAD_PART || aheadBytes > bounds.maxBytes() / AHEAD_PART) {
            // The client needs longer for the past than there is room for the present: it stays on the log.
            tail.leave(this);
            forgetAhead();
            phase = Phase.PAST;
        }
    }

    private void forgetAhead() {
        ahead.clear();
        aheadBytes = 0;
    }

    private void joinIfNear() {
        Optional<Positions> heard = tail.positions();
        if (closed != null || heard.isEmpty()) {
            return;
        }
        stayInLog(heard.get());
        if (reached.recordsTo(heard.get()) > JOIN_DISTANCE) {
            return;
        }
        tail.join(this);
        phase = Phase.JOINING;
        // Asked again, after joining: what stands behind this will be heard.
        Positions joined = tail.positions().orElse(heard.get());
        joinedAt = joined;
        if (stayInLog(joined)) {
            liveIfThere();
        }
    }

    /** Called by the shared reader when the log is another one, or shorter than it was. */
    void lookAnew() {
        MonoSink<Void> wake;
        synchronized (this) {
            Optional<Positions> heard = tail.positions();
            if (closed == null && heard.isPresent() && stayInLog(heard.get())) {
                joinedAt = joinedAt.min(heard.get());
                reached = reached.min(heard.get());
            }
            wake = takeWaiter();
        }
        wake(wake);
    }

    /** Goes on with the beginning of another log when that is what is heard; false when it is. */
    private boolean stayInLog(Positions heard) {
        if (reached.isInLogOf(heard)) {
            return true;
        }
        tail.leave(this);
        forgetAhead();
        phase = Phase.PAST;
        reached = heard.start();
        joinedAt = reached;
        buffer.put(new StreamItem.Replaced(reached));
        return false;
    }

    private void liveIfThere() {
        if (!reached.covers(joinedAt)) {
            return;
        }
        joinedAt = reached;
        phase = Phase.LIVE;
        ahead.forEach(this::hearLive);
        forgetAhead();
    }

    /** The stretch of the log to be read next, by whoever asks; empty when there is none, or no room for it. */
    synchronized Optional<Stretch> startReading() {
        Optional<Positions> heard = tail.positions();
        if (heard.isPresent() && closed == null && !reading) {
            stayInLog(heard.get());
        }
        boolean wanted = phase != Phase.LIVE && closed == null && !reading && buffer.isBelow(PAST_PART);
        if (!wanted || heard.isEmpty()) {
            return Optional.empty();
        }
        reading = true;
        return Optional.of(new Stretch(reached, phase == Phase.JOINING ? joinedAt : heard.get()));
    }

    /**
     * Takes what was read.
     *
     * @param events those that match, in order
     * @param end where the reading ended
     */
    void endReading(List<StreamedEvent> events, Positions end) {
        MonoSink<Void> wake;
        synchronized (this) {
            reading = false;
            if (closed != null) {
                return;
            }
            if (end.isInLogOf(reached)) {
                takePast(events, end);
            }
            if (phase == Phase.PAST) {
                joinIfNear();
            } else {
                liveIfThere();
            }
            wake = takeWaiter();
        }
        wake(wake);
    }

    private void takePast(List<StreamedEvent> events, Positions end) {
        for (StreamedEvent event : events) {
            if (!buffer.tryPut(event, event.behind())) {
                return;
            }
            reached = event.behind();
        }
        reached = end;
    }

    /** The reading failed; the stream is where it was. */
    synchronized void failReading() {
        reading = false;
    }

    synchronized boolean isLive() {
        return phase == Phase.LIVE;
    }

    /** Completes when there is something to poll; for one client. */
    Mono<Void> ready() {
        return Mono.create(sink -> {
            MonoSink<Void> wake;
            synchronized (this) {
                waiter = sink;
                wake = takeWaiter();
            }
            wake(wake);
        });
    }

    /** Never waits. */
    synchronized Taken poll(long maxBytes) {
        return closed == null ? new Taken(buffer.take(maxBytes), null) : new Taken(List.of(), closed);
    }

    /** Ends the stream; the first reason counts. What waits is dropped: the client has the id from which to go on. */
    void close(CloseReason reason) {
        MonoSink<Void> wake;
        synchronized (this) {
            if (closed == null) {
                closed = reason;
                release();
            }
            wake = takeWaiter();
        }
        wake(wake);
        closing.tryEmitEmpty();
    }

    /** Completes when the stream is closed. */
    Mono<Void> whenClosed() {
        return closing.asMono();
    }

    /** Why the stream was closed; empty while it is open. */
    synchronized Optional<CloseReason> closed() {
        return Optional.ofNullable(closed);
    }

    private void release() {
        tail.leave(this);
        forgetAhead();
        buffer.clear();
        phase = Phase.PAST;
    }

    private @Nullable MonoSink<Void> takeWaiter() {
        if (waiter == null || (closed == null && buffer.isEmpty())) {
            return null;
        }
        MonoSink<Void> taken = waiter;
        waiter = null;
        return taken;
    }

    /** Outside the lock: whoever waits goes on in here. */
    private static void wake(@Nullable MonoSink<Void> sink) {
        if (sink != null) {
            sink.success();
        }
    }
}
