package dev.sluice.gateway.tenant;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.record.Tenant;
import java.time.InstantSource;

/** Tables of tenants for tests. */
public final class TenantTables {

    private TenantTables() {}

    public static TenantTable over(LogTable<Tenant> log, InstantSource clock) {
        return new TenantTable(log, clock);
    }
}
