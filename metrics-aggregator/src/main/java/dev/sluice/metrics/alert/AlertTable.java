package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Alert;
import dev.sluice.schemas.Topics;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The alerts that were told, on the log and in the memory of every instance. Thread-safe. */
final class AlertTable {

    private final LogTable<Alert> table;

    AlertTable(LogTable<Alert> table) {
        this.table = table;
    }

    static AlertTable over(LogTables tables) {
        return new AlertTable(tables.of(Topics.ALERTS));
    }

    boolean isReady() {
        return table.ready();
    }

    Optional<Versioned<Alert>> find(String id) {
        return table.findVersioned(id);
    }

    /** By subject. */
    List<Alert> ofTenant(String tenant) {
        return table.entries().stream()
                .map(Versioned::value)
                .filter(alert -> alert.getTenant().equals(tenant))
                .sorted(Comparator.comparing(Alert::getSubject).thenComparing(Alert::getId))
                .toList();
    }

    List<Alert> all() {
        return entries().stream().map(Versioned::value).toList();
    }

    Collection<Versioned<Alert>> entries() {
        return table.entries();
    }

    static Status statusOf(Alert alert) {
        return switch (alert.getState()) {
            case WARNING -> Status.WARNING;
            case DEGRADED -> Status.DEGRADED;
            case HEALTHY, RESOLVED, UNKNOWN -> Status.HEALTHY;
        };
    }

    /** Takes the alert off only if it is still what was seen. */
    CompletableFuture<Void> remove(Versioned<Alert> seen) {
        return table.remove(seen.key(), seen.version());
    }

    /** Writes the alert only if it is still what was seen: of several that see the same change, one is first. */
    CompletableFuture<?> put(Alert alert, Optional<Versioned<Alert>> seen) {
        return table.put(alert.getId(), alert, seen.map(Versioned::version).orElse(LogTable.ABSENT));
    }
}
