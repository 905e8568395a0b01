package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.record.WebhookEndpointState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the record of one endpoint's place up to date: one write at a time, of what is so when it begins. A write that fails is made
 * again until it succeeds or the endpoint is somebody else's. Thread-safe.
 */
final class CursorWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CursorWriter.class);
    private static final long PAUSE_AFTER_FAILURE_NANOS = 1_000_000_000L;

    private final String endpointId;
    private final CursorTable table;
    private final Supplier<Optional<WebhookEndpointState>> state;
    private final Alarm alarm;
    private long version;
    private boolean closed;
    private boolean writing;
    /** What is wanted after the write that is under way. */
    private @Nullable CompletableFuture<@Nullable Void> wanted;

    /**
     * A writer.
     *
     * @param state what is so now; called while no lock of this writer is held
     */
    CursorWriter(
            String endpointId,
            long version,
            CursorTable table,
            Supplier<Optional<WebhookEndpointState>> state,
            Alarm alarm) {
        this.endpointId = endpointId;
        this.version = version;
        this.table = table;
        this.state = state;
        this.alarm = alarm;
    }

    /** Completes when the log has what is so now, or something newer; never when it is closed before. */
    CompletableFuture<@Nullable Void> write() {
        CompletableFuture<@Nullable Void> result;
        synchronized (this) {
            if (wanted == null) {
                wanted = new CompletableFuture<>();
            }
            result = wanted;
            if (writing || closed) {
                return result;
            }
            writing = true;
        }
        begin();
        return result;
    }

    /** Nothing is written any more. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isIdle() {
        return !writing && wanted == null;
    }

    private void begin() {
        CompletableFuture<@Nullable Void> result;
        long expected;
        synchronized (this) {
            if (wanted == null || closed) {
                writing = false;
                return;
            }
            result = wanted;
            wanted = null;
            expected = version;
        }
        CompletableFuture<Long> write;
        try {
            write = table.write(endpointId, state.get(), expected);
        } catch (RuntimeException e) {
            write = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Long> _ = write.whenComplete((written, failure) -> ended(result, written, failure));
    }

    private void ended(CompletableFuture<@Nullable Void> result, @Nullable Long written, @Nullable Throwable failure) {
        if (failure == null) {
            synchronized (this) {
                version = written == null ? LogTable.ABSENT : written;
            }
            begin();
            result.complete(null);
            return;
        }
        LOG.warn("where endpoint {} is could not be written and will be again: {}", endpointId, failure.toString());
        synchronized (this) {
            CompletableFuture<@Nullable Void> newer = wanted;
            if (newer == null) {
                wanted = result;
            } else {
                CompletableFuture<@Nullable Void> _ = newer.whenComplete((done, e) -> result.complete(null));
            }
        }
        // Who no longer owns the partition has been told so by then.
        var _ = alarm.in(PAUSE_AFTER_FAILURE_NANOS, () -> again(CursorTable.isConflict(failure)));
    }

    private void again(boolean conflict) {
        if (conflict) {
            synchronized (this) {
                version = table.versionOf(endpointId);
            }
        }
        begin();
    }
}
