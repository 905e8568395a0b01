package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Endpoints that are behind, and where they are, as a compacted topic. Written by the dispatcher that reads an endpoint's partition; any
 * may ask. Thread-safe.
 */
public final class CursorTable {

    /** No endpoint's id. */
    private static final String NOBODY = "-";

    private final LogTable<WebhookEndpointState> table;

    CursorTable(LogTable<WebhookEndpointState> table) {
        this.table = table;
    }

    static CursorTable over(LogTables tables) {
        return new CursorTable(tables.of(Topics.WEBHOOK_ENDPOINT_STATE));
    }

    /** How far behind an endpoint is, if it is. */
    public Optional<WebhookEndpointState> find(String endpointId) {
        return table.find(endpointId);
    }

    Collection<Versioned<WebhookEndpointState>> entries() {
        return table.entries();
    }

    /**
     * Returns once everything is here that anybody wrote before. Blocks.
     *
     * @throws IllegalStateException when Kafka does not let it be known in time
     */
    void awaitCurrent(Duration patience) {
        try {
            // The removal of what is not there: it is read back behind all that was written before.
            table.whenReady()
                    .thenCompose(ready -> table.remove(NOBODY))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading where endpoints are", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot read where endpoints are", e);
        }
    }

    /**
     * Writes where an endpoint is, or that it is behind no more.
     *
     * @param expected the version that was written last; nobody else may have written since
     * @return the version to expect next
     */
    CompletableFuture<Long> write(String endpointId, Optional<WebhookEndpointState> state, long expected) {
        if (state.isPresent()) {
            return table.put(endpointId, state.get(), expected).thenApply(Versioned::version);
        }
        if (expected == LogTable.ABSENT) {
            return CompletableFuture.completedFuture(LogTable.ABSENT);
        }
        return table.remove(endpointId, expected).thenApply(removed -> LogTable.ABSENT);
    }

    long versionOf(String endpointId) {
        return table.findVersioned(endpointId).map(Versioned::version).orElse(LogTable.ABSENT);
    }

    static boolean isConflict(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return failure instanceof VersionConflictException || cause instanceof VersionConflictException;
    }
}
