package dev.sluice.metrics.reset;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.record.MetricsReset;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The marks of all tenants, on the log and in the memory of every instance. Thread-safe. */
public final class ResetTable {

    private final LogTable<MetricsReset> table;

    private ResetTable(LogTable<MetricsReset> table) {
        this.table = table;
    }

    static ResetTable over(LogTables tables) {
        return new ResetTable(tables.of(Topics.METRICS_RESETS));
    }

    /** From when on the figures of a tenant's cache are counted; empty when that was never said. */
    public Optional<Instant> countedFrom(String tenant) {
        return table.find(tenant).map(MetricsReset::getCountedFrom);
    }

    /** Fails as {@link LogTable} says. */
    CompletableFuture<MetricsReset> put(MetricsReset reset) {
        return table.put(reset.getTenant(), reset).thenApply(stored -> stored.value());
    }
}
