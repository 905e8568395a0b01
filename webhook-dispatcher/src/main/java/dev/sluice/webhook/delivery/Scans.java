package dev.sluice.webhook.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be read again of partitions, for endpoints that are behind and have room. Shares the lock of its cursors. */
final class Scans {

    /** Most bytes of deliveries that are read again and not done with; beyond, one delivery of each endpoint. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    /** A part of a partition: from there until before that offset. */
    record Scan(int partition, long from, long until) {}

    private final Cursors cursors;
    private final NavigableMap<Integer, CursorPart> parts;
    private final EndpointGates gates;
    private final LaneKinds lanes;
    private int last = -1;
    private long bytesAhead;

    Scans(Cursors cursors, NavigableMap<Integer, CursorPart> parts, EndpointGates gates, LaneKinds lanes) {
        this.cursors = cursors;
        this.parts = parts;
        this.gates = gates;
        this.lanes = lanes;
    }

    /** What is to be read next, one partition after the other. Until it was {@link #scanned}, what is found counts. */
    Optional<Scan> next() {
        synchronized (cursors) {
            List<Integer> turns = new ArrayList<>(parts.tailMap(last, false).keySet());
            turns.addAll(parts.headMap(last, true).keySet());
            for (int partition : turns) {
                CursorPart part = parts.get(partition);
                if (part == null || part.isLeaving()) {
                    continue;
                }
                long from = part.beginScan(cursor -> cursor.outstanding() <= cursor.ahead() / 2 && wants(part, cursor));
                if (from >= 0) {
                    last = partition;
                    return Optional.of(new Scan(partition, from, part.next()));
                }
            }
            return Optional.empty();
        }
    }

    /** Whether the scan looks for this delivery. */
    boolean wants(Scan scan, long offset, String endpointId) {
        synchronized (cursors) {
            CursorPart part = parts.get(scan.partition());
            return part != null && part.isScanning(endpointId, offset);
        }
    }

    /** One that the scan looked for. */
    void found(Job job) {
        Lanes lane;
        Job taken;
        synchronized (cursors) {
            CursorPart part = parts.get(job.partition());
            Cursor cursor = part == null ? null : part.find(job.endpointId());
            if (part == null || cursor == null || !part.isScanning(job.endpointId(), job.offset())) {
                return;
            }
            cursor.readUntil(job.offset());
            boolean stale = part.isStale(job.offset());
            if (part.isLeaving() || (stale ? !hasMemory(cursor) : !hasRoom(cursor))) {
                cursor.waitsSince(job.delivery().getCreatedAt());
                part.stopScan(cursor);
                return;
            }
            Job known = stale ? cursor.withHead(job).asExpired() : cursor.withHead(job);
            lane = lanes.of(known);
            if (!cursors.track(cursor, known)) {
                cursor.readUntil(job.offset() + 1);
                return;
            }
            bytesAhead += known.bytes();
            if (!stale) {
                lane.add(known);
            }
            cursor.readUntil(job.offset() + 1);
            taken = known;
        }
        if (taken.isExpired()) {
            lane.startAside(taken);
        } else {
            lane.startWhatMay();
        }
    }

    /** All before that offset was read. */
    void scanned(Scan scan, long to) {
        synchronized (cursors) {
            CursorPart part = parts.get(scan.partition());
            if (part != null) {
                part.endScan(to).forEach(cursor -> cursors.settle(part, cursor));
            }
        }
    }

    /** It is done with, or put back. */
    void forget(Job job) {
        synchronized (cursors) {
            if (job.isReadAgain()) {
                bytesAhead -= job.bytes();
            }
        }
    }

    /** Partitions in which somebody is behind. */
    Set<Integer> partitionsBehind() {
        synchronized (cursors) {
            return parts.entrySet().stream()
                    .filter(part -> part.getValue().cursors().stream().anyMatch(Cursor::isBehind))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }
    }

    /** The partition's reader has passed one that was done with before. */
    void passed(int partition, long offset) {
        synchronized (cursors) {
            CursorPart part = parts.get(partition);
            if (part != null) {
                part.readUntil(offset + 1);
            }
        }
    }

    /** What waits before that offset has waited too long: it is given up, even if nothing may be sent to its endpoint. */
    void freshFrom(int partition, long offset) {
        synchronized (cursors) {
            CursorPart part = parts.get(partition);
            if (part != null) {
                part.freshFrom(offset);
            }
        }
    }

    private boolean wants(CursorPart part, Cursor cursor) {
        return hasRoom(cursor)
                || (part.isStale(cursor.next())
                        && hasMemory(cursor)
                        && gates.health(cursor.endpointId()).restNanos() <= 0);
    }

    private boolean hasRoom(Cursor cursor) {
        return hasMemory(cursor) && !gates.isClosed(cursor.endpointId());
    }

    private boolean hasMemory(Cursor cursor) {
        return cursor.outstanding() < cursor.ahead() && (bytesAhead < MAX_BYTES || cursor.isIdle());
    }
}
