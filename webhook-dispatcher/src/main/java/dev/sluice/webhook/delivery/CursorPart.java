package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.LogTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The endpoints of one partition that something is known of, and how far the partition's reader is. Not thread-safe. */
final class CursorPart {

    /** Makes what writes an endpoint's place. */
    @FunctionalInterface
    interface Writers {
        CursorWriter open(String endpointId, long version);
    }

    private final Writers open;
    private final Map<String, Cursor> cursors = new HashMap<>();
    private final Map<String, CursorWriter> writers = new HashMap<>();
    /** Those that the scan under way reads for. */
    private final Map<String, Cursor> scanning = new HashMap<>();

    private long next;
    private long freshFrom;
    private boolean leaving;

    CursorPart(long next, Writers open) {
        this.next = next;
        this.open = open;
    }

    /** What the partition's reader brings next. */
    long next() {
        return next;
    }

    void readUntil(long offset) {
        next = Math.max(next, offset);
    }

    /** What stands before that has waited too long. */
    void freshFrom(long offset) {
        freshFrom = Math.max(freshFrom, offset);
    }

    /** Whether what waits there has waited too long. */
    boolean isStale(long offset) {
        return offset < freshFrom;
    }

    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
        scanning.clear();
    }

    void close() {
        writers.values().forEach(CursorWriter::close);
    }

    /** A copy. */
    List<Cursor> cursors() {
        return List.copyOf(cursors.values());
    }

    @Nullable
    Cursor find(String endpointId) {
        return cursors.get(endpointId);
    }

    Cursor cursor(String endpointId, String tenant, int partition) {
        return cursors.computeIfAbsent(endpointId, id -> new Cursor(id, tenant, partition));
    }

    /** What writes where an endpoint is that nobody has written of. */
    CursorWriter writer(String endpointId) {
        return writer(endpointId, LogTable.ABSENT);
    }

    CursorWriter writer(String endpointId, long version) {
        return writers.computeIfAbsent(endpointId, id -> open.open(id, version));
    }

    /** What it holds is remembered by its place from now on, so the partition's reader is told once the log has that. */
    void place(Cursor cursor, List<Job> held) {
        CompletableFuture<@Nullable Void> placed = writer(cursor.endpointId()).write();
        cursor.placedWhen(placed);
        CompletableFuture<?> _ =
                placed.thenRun(() -> held.forEach(job -> job.released().complete(null)));
    }

    /** Forgets one that keeps up and has nothing under way. */
    void forgetIfIdle(Cursor cursor) {
        if (cursor.isBehind() || !cursor.isIdle() || !cursor.equals(cursors.get(cursor.endpointId()))) {
            return;
        }
        CursorWriter writer = writers.get(cursor.endpointId());
        if (writer == null || writer.isIdle()) {
            writers.remove(cursor.endpointId());
            cursors.remove(cursor.endpointId());
        }
    }

    /** Begins to read for all that want it and have something to read; from where, or -1 when there are none. */
    long beginScan(Predicate<Cursor> wanting) {
        long from = -1;
        for (Cursor cursor : cursors.values()) {
            if (cursor.isBehind() && cursor.next() < next && wanting.test(cursor)) {
                scanning.put(cursor.endpointId(), cursor);
                from = from < 0 ? cursor.next() : Math.min(from, cursor.next());
            }
        }
        return from;
    }

    boolean isScanning(String endpointId, long offset) {
        Cursor cursor = scanning.get(endpointId);
        return cursor != null && offset >= cursor.next();
    }

    boolean isScanning(Cursor cursor) {
        return scanning.containsKey(cursor.endpointId());
    }

    /** What the scan reads from here on is not for this one. */
    void stopScan(Cursor cursor) {
        scanning.remove(cursor.endpointId());
    }

    /** All was read before that offset for those that the scan still reads for, which are answered. */
    Collection<Cursor> endScan(long to) {
        List<Cursor> read = List.copyOf(scanning.values());
        scanning.clear();
        read.forEach(cursor -> cursor.readUntil(to));
        return read;
    }
}
