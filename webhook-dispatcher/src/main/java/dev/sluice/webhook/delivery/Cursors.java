package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpointState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every endpoint of this dispatcher's partitions is. One that does not keep up (its lane is full, its gate is closed, or an answer
 * takes long) falls behind: that is put on the log, the partition's reader goes on without it, and its deliveries are read again from its
 * own place as far as there is room. It has caught up when it has no more to read and nothing under way. Thread-safe.
 */
final class Cursors {

    private static final Logger LOG = LoggerFactory.getLogger(Cursors.class);

    /** An endpoint that takes longer for one delivery no longer holds back what its partition commits. */
    private static final long SLOW_NANOS = 1_000_000_000L;

    private static final long PAUSE_AFTER_FAILURE_NANOS = 1_000_000_000L;

    private final Scans scans;
    private final LaneKinds lanes;
    private final EndpointGates gates;
    private final CursorTable table;
    private final Alarm alarm;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Runnable postponed;
    private final TreeMap<Integer, CursorPart> parts = new TreeMap<>();
    private volatile Runnable wake = () -> {};

    /** @param postponed called for each delivery that is passed over, to be read again later */
    Cursors(
            LaneLimits firstLimits,
            LaneLimits laterLimits,
            Work work,
            EndpointGates gates,
            CursorTable table,
            Alarm alarm,
            LongSupplier nanos,
            InstantSource clock,
            Runnable postponed) {
        lanes = new LaneKinds(
                firstLimits, laterLimits, gates, new Restraint(nanos, alarm), clock, job -> work.begin(job, this));
        scans = new Scans(this, parts, gates, lanes);
        this.gates = gates;
        this.table = table;
        this.alarm = alarm;
        this.nanos = nanos;
        this.clock = clock;
        this.postponed = postponed;
        gates.onOpen(id -> wake.run());
    }

    /** What is to be read again. */
    Scans scans() {
        return scans;
    }

    LaneKinds lanes() {
        return lanes;
    }

    /** Called whenever there may be something to read again. */
    void onWake(Runnable listener) {
        wake = listener;
    }

    /** Endpoints that are behind. */
    synchronized int behind() {
        return (int) all().filter(Cursor::isBehind).count();
    }

    /** Deliveries that wait for those, as far as they are counted. */
    synchronized long pending() {
        return all().mapToLong(cursor -> cursor.pending().orElse(0)).sum();
    }

    /** Deliveries that were taken and are not done with. */
    synchronized int outstanding() {
        return all().mapToInt(Cursor::outstanding).sum();
    }

    private Stream<Cursor> all() {
        return parts.values().stream().flatMap(part -> part.cursors().stream());
    }

    /** This dispatcher reads a partition from there on. All that was written of endpoints must be in the table. */
    synchronized void assigned(int partition, long position) {
        CursorPart part = new CursorPart(
                position, (id, version) -> new CursorWriter(id, version, table, () -> state(partition, id), alarm));
        parts.put(partition, part);
        for (Versioned<WebhookEndpointState> entry : table.entries()) {
            for (LaggardPosition place : entry.value().getLaggards()) {
                if (place.getPartition() == partition) {
                    takeOver(part, entry, place);
                }
            }
        }
    }

    private void takeOver(CursorPart part, Versioned<WebhookEndpointState> entry, LaggardPosition place) {
        Cursor cursor = part.cursor(entry.key(), entry.value().getTenant(), place.getPartition());
        cursor.takeOver(place);
        Instant dueAt = place.getDueAt();
        if (dueAt != null) {
            cursor.putHead(new Cursor.Head(place.getOffset(), place.getAttempt(), dueAt));
            holdUntil(entry.key(), dueAt);
        }
        Instant probeAt = entry.value().getProbeAt();
        if (entry.value().getBreaker() == WebhookBreaker.OPEN && probeAt != null) {
            gates.takenOver(entry.key(), entry.value().getConsecutiveFailures(), nanosUntil(probeAt));
        }
        // Written anew, so that what its last owner may still write is refused.
        cursor.placedWhen(part.writer(entry.key(), entry.version()).write());
    }

    /** Nothing of a partition is begun any more; completes when what was begun is done with and written. */
    CompletableFuture<?> leave(int partition) {
        List<CompletableFuture<?>> under = new ArrayList<>();
        synchronized (this) {
            CursorPart part = parts.get(partition);
            if (part == null) {
                return CompletableFuture.completedFuture(null);
            }
            part.leave();
            for (Cursor cursor : part.cursors()) {
                putBackWaiting(part, cursor);
                cursor.jobs().forEach(job -> under.add(job.settled()));
            }
        }
        return CompletableFuture.allOf(under.toArray(CompletableFuture[]::new)).thenCompose(ended -> saved(partition));
    }

    /** What waits for a turn is remembered by its place, and by nobody else. */
    private void putBackWaiting(CursorPart part, Cursor cursor) {
        List<Job> waiting = lanes.withdraw(cursor.endpointId());
        if (waiting.isEmpty()) {
            return;
        }
        List<Job> held = cursor.jobs();
        boolean wasBehind = cursor.isBehind();
        if (!wasBehind) {
            cursor.waitsSince(waiting.getFirst().delivery().getCreatedAt());
            cursor.fallBehind(part.next());
        }
        putBack(part, cursor, waiting);
        if (!wasBehind) {
            part.place(cursor, held);
        }
    }

    private synchronized CompletableFuture<?> saved(int partition) {
        CursorPart part = parts.get(partition);
        if (part == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(part.cursors().stream()
                .filter(Cursor::isBehind)
                .map(cursor -> part.writer(cursor.endpointId()).write())
                .toArray(CompletableFuture[]::new));
    }

    /** A partition is somebody else's. */
    synchronized void gone(int partition) {
        CursorPart part = parts.remove(partition);
        if (part != null) {
            part.cursors().forEach(cursor -> lanes.withdraw(cursor.endpointId()));
            part.close();
        }
    }

    /** A delivery that the partition's reader brings; completes when that need not remember it any more. */
    CompletionStage<?> read(Job job) {
        Lanes lane = lanes.of(job);
        synchronized (this) {
            CursorPart part = parts.get(job.partition());
            if (part == null) {
                return job.released();
            }
            part.readUntil(job.offset() + 1);
            Cursor cursor = part.cursor(job.endpointId(), job.delivery().getTenant(), job.partition());
            if (cursor.isBehind()) {
                // Before its place it was done with; from there on it is read again.
                cursor.passedOver(job.offset());
                postponed.run();
                return cursor.placed();
            }
            if (part.isLeaving()) {
                return job.released();
            }
            lanes.came(job);
            track(cursor, job);
            if (gates.isClosed(job.endpointId()) || !lane.offer(job)) {
                cursor.fallBehind(job.offset());
                cursor.waitsSince(job.delivery().getCreatedAt());
                List<Job> held = cursor.jobs();
                putBack(part, cursor, List.of(job));
                part.place(cursor, held);
            }
        }
        lane.startWhatMay();
        return job.released();
    }

    /**
     * A delivery that was begun is to wait until it is due, without anything of its endpoint overtaking it; completes when the log has
     * that. One that is not this dispatcher's any more is left to whose it is.
     */
    CompletionStage<?> putBack(Job job, WebhookDelivery as) {
        synchronized (this) {
            CursorPart part = parts.get(job.partition());
            Cursor cursor = part == null ? null : part.find(job.endpointId());
            if (part == null || cursor == null || !cursor.holds(job)) {
                return CompletableFuture.completedFuture(null);
            }
            List<Job> held = cursor.jobs();
            boolean wasBehind = cursor.isBehind();
            if (!wasBehind) {
                cursor.fallBehind(part.next());
            }
            cursor.waitsSince(as.getCreatedAt());
            putBack(part, cursor, lanes.withdraw(job.endpointId()));
            putBack(part, cursor, List.of(job));
            if (!as.equals(job.delivery())) {
                cursor.putHead(new Cursor.Head(job.offset(), as.getAttempt(), as.getDueAt()));
                holdUntil(job.endpointId(), as.getDueAt());
            }
            if (wasBehind) {
                return part.writer(job.endpointId()).write();
            }
            part.place(cursor, held);
            return cursor.placed();
        }
    }

    /**
     * Whether a delivery that failed is to be the next probe of its endpoint, whose breaker is open: then {@link #putBack} is to be called. Of a
     * receiver that takes what it has refused once, others would only be refused as well.
     */
    synchronized boolean isNextProbe(Job job, WebhookDelivery as) {
        CursorPart part = parts.get(job.partition());
        Cursor cursor = part == null ? null : part.find(job.endpointId());
        boolean first = cursor != null && cursor.isBehind() && cursor.holds(job) && cursor.position() == job.offset();
        return first && gates.awaitProbe(job.endpointId(), nanosUntil(as.getDueAt()));
    }

    /** How an endpoint took a request that was begun then. What is known of one that is to be left alone is put on the log. */
    void answered(Job job, Reaction reaction, long begunNanos) {
        if (!gates.answered(job.endpointId(), reaction, begunNanos)) {
            return;
        }
        synchronized (this) {
            CursorPart part = parts.get(job.partition());
            Cursor cursor = part == null ? null : part.find(job.endpointId());
            if (part == null || cursor == null) {
                return;
            }
            if (cursor.isBehind()) {
                CompletableFuture<?> _ = part.writer(job.endpointId()).write();
            } else if (gates.isClosed(job.endpointId())) {
                cursor.fallBehind(part.next());
                part.place(cursor, cursor.jobs());
            }
        }
    }

    /** Looks after those that time has changed; to be called a few times a second. */
    void tick() {
        long slow = nanos.getAsLong() - SLOW_NANOS;
        synchronized (this) {
            for (CursorPart part : parts.values()) {
                for (Cursor cursor : part.cursors()) {
                    tick(part, cursor, slow);
                }
            }
        }
    }

    private void tick(CursorPart part, Cursor cursor, long slow) {
        cursor.look();
        if (!cursor.isBehind()) {
            if (cursor.isOutstandingSinceBefore(slow)) {
                cursor.fallBehind(part.next());
                part.place(cursor, cursor.jobs());
            }
            part.forgetIfIdle(cursor);
            return;
        }
        if (gates.isClosed(cursor.endpointId())) {
            putBackWaiting(part, cursor);
        }
        if (cursor.hasMoved() || cursor.isCountStale(clock.instant())) {
            CompletableFuture<?> _ = part.writer(cursor.endpointId()).write();
        }
        settle(part, cursor);
    }

    private void ended(Job job, @Nullable Throwable failure) {
        synchronized (this) {
            CursorPart part = parts.get(job.partition());
            Cursor cursor = part == null ? null : part.find(job.endpointId());
            if (part != null && cursor != null && cursor.holds(job)) {
                if (failure != null && cursor.isBehind()) {
                    LOG.error("a delivery to endpoint {} failed and is begun again", job.endpointId(), failure);
                    putBack(part, cursor, List.of(job));
                    gates.rest(job.endpointId(), PAUSE_AFTER_FAILURE_NANOS);
                } else {
                    scans.forget(job);
                    cursor.done(job);
                }
                if (cursor.isBehind() && (cursor.hasMovedFar() || gates.isInOrder(job.endpointId()))) {
                    // In order at once: of that, a crash repeats no more than it must.
                    CompletableFuture<?> _ = part.writer(job.endpointId()).write();
                }
                settle(part, cursor);
            }
        }
        if (failure == null) {
            job.released().complete(null);
        } else {
            job.released().completeExceptionally(failure);
        }
        job.settled().complete(null);
        wake.run();
    }

    /** One that is not behind any more gets what is new from the partition's reader. To be called with the lock of this held. */
    void settle(CursorPart part, Cursor cursor) {
        if (cursor.isBehind()) {
            boolean caughtUp = cursor.isIdle() && cursor.next() >= part.next() && !part.isScanning(cursor);
            if (!caughtUp || gates.isClosed(cursor.endpointId()) || part.isLeaving()) {
                return;
            }
            cursor.catchUp();
            CompletableFuture<?> _ = part.writer(cursor.endpointId()).write().thenRun(() -> forgetIdle(part, cursor));
            return;
        }
        forgetIdle(part, cursor);
    }

    private synchronized void forgetIdle(CursorPart part, Cursor cursor) {
        part.forgetIfIdle(cursor);
    }

    /** To be called with the lock of this held; false when it was taken already. */
    boolean track(Cursor cursor, Job job) {
        if (!cursor.take(job, nanos.getAsLong())) {
            return false;
        }
        CompletableFuture<?> _ = job.done().whenComplete((done, failure) -> ended(job, failure));
        return true;
    }

    /** To be called with the lock of this held. */
    void putBack(CursorPart part, Cursor cursor, Collection<Job> jobs) {
        for (Job job : jobs) {
            if (cursor.holds(job)) {
                scans.forget(job);
                if (cursor.isBehind()) {
                    cursor.putBack(job);
                    part.stopScan(cursor);
                }
            }
        }
    }

    private void holdUntil(String endpointId, Instant dueAt) {
        gates.holdInOrder(endpointId, nanosUntil(dueAt));
    }

    private long nanosUntil(Instant time) {
        return Duration.between(clock.instant(), time).toNanos();
    }

    private synchronized Optional<WebhookEndpointState> state(int partition, String endpointId) {
        CursorPart part = parts.get(partition);
        Cursor cursor = part == null ? null : part.find(endpointId);
        return cursor == null || !cursor.isBehind()
                ? Optional.empty()
                : Optional.of(cursor.toRecord(gates.health(endpointId), clock.instant()));
    }
}
