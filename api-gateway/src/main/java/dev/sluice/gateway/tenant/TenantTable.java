package dev.sluice.gateway.tenant;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Tenant;
import dev.sluice.record.TenantStatus;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** All tenants in memory, by id. Thread-safe. */
public final class TenantTable {

    private final LogTable<Tenant> table;
    private final InstantSource clock;

    TenantTable(LogTable<Tenant> table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    static TenantTable over(LogTables tables, InstantSource clock) {
        return new TenantTable(tables.of(Topics.TENANTS), clock);
    }

    public Optional<Tenant> find(String id) {
        return table.find(id);
    }

    /** Whether everything was read that was in the log at start. */
    public boolean ready() {
        return table.ready();
    }

    /** Completes when {@link #ready}. */
    public CompletableFuture<Void> whenReady() {
        return table.whenReady();
    }

    /** Tells a listener the id of every tenant that changes, on the table's thread, after the change is in force. */
    public void onChange(Consumer<String> listener) {
        table.onChange((id, before, after) -> listener.accept(id));
    }

    /** Makes an active tenant unless there is one with this id, made by whomever. */
    public CompletableFuture<Void> createIfAbsent(String id, String name, String tier) {
        if (table.find(id).isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        Instant now = clock.instant();
        Tenant tenant = Tenant.newBuilder()
                .setId(id)
                .setName(name)
                .setTier(tier)
                .setStatus(TenantStatus.ACTIVE)
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .build();
        return TableWrites.orAlreadyThere(write(tenant, LogTable.ABSENT));
    }

    /** Whether any tenant has this tier; refuses to say while not all are known. */
    boolean hasTier(String tier) {
        if (!table.ready()) {
            throw TableWrites.loading("tenants");
        }
        return table.entries().stream()
                .anyMatch(entry -> entry.value().getTier().equals(tier));
    }

    Optional<Versioned<Tenant>> findVersioned(String id) {
        return table.findVersioned(id);
    }

    Collection<Versioned<Tenant>> entries() {
        return table.entries();
    }

    CompletableFuture<Versioned<Tenant>> write(Tenant tenant, long expectedVersion) {
        return table.put(tenant.getId(), tenant, expectedVersion);
    }
}
