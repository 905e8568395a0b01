package dev.sluice.gateway.tier;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Tier;
import dev.sluice.schemas.Topics;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The tiers on the log. A shipped tier stands in for one that the log does not have, as while the table is loading or
 * Kafka is away. Thread-safe.
 */
public final class TierTable {

    private final LogTable<Tier> log;
    private final ShippedTiers shipped;

    TierTable(LogTables tables, ShippedTiers shipped) {
        this(tables.of(Topics.TIERS), shipped);
    }

    TierTable(LogTable<Tier> log, ShippedTiers shipped) {
        this.log = log;
        this.shipped = shipped;
    }

    public Optional<Tier> find(String name) {
        return log.find(name).or(() -> shipped.find(name));
    }

    /** The tier of those whose own is not known: the smallest. */
    public Tier free() {
        Tier smallest = shipped.free();
        return log.find(smallest.getName()).orElse(smallest);
    }

    Optional<TierEntry> findEntry(String name) {
        return log.findVersioned(name)
                .map(entry -> new TierEntry(entry.value(), entry.version()))
                .or(() -> shipped.find(name).map(tier -> new TierEntry(tier, LogTable.ABSENT)));
    }

    /** Its version in the log. */
    long versionOf(String name) {
        return log.findVersioned(name).map(Versioned::version).orElse(LogTable.ABSENT);
    }

    boolean isShipped(String name) {
        return shipped.find(name).isPresent();
    }

    /** Whether everything was read that was in the log at start. */
    boolean ready() {
        return log.ready();
    }

    CompletableFuture<TierEntry> write(Tier tier, long expectedVersion) {
        return log.put(tier.getName(), tier, expectedVersion)
                .thenApply(stored -> new TierEntry(stored.value(), stored.version()));
    }

    CompletableFuture<Void> remove(String name, long expectedVersion) {
        return log.remove(name, expectedVersion);
    }

    /** All tiers, by name; a copy. */
    public Collection<Tier> all() {
        Map<String, Tier> all = new TreeMap<>();
        shipped.all().forEach(tier -> all.put(tier.getName(), tier));
        for (Versioned<Tier> entry : log.entries()) {
            all.put(entry.key(), entry.value());
        }
        return all.values();
    }

    /** Puts those shipped tiers on the log that it does not have; completes when it has them all. */
    CompletableFuture<Void> seed() {
        return log.whenReady()
                .thenCompose(ready -> CompletableFuture.allOf(shipped.all().stream()
                        .filter(tier -> log.find(tier.getName()).isEmpty())
                        .map(tier -> TableWrites.orAlreadyThere(log.put(tier.getName(), tier, LogTable.ABSENT)))
                        .toArray(CompletableFuture<?>[]::new)));
    }
}
