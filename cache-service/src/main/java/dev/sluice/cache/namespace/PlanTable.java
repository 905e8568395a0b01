package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.Quota;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import dev.sluice.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the tiers of tenants say of the cache, in memory. Looking something up blocks nobody. Thread-safe. */
public final class PlanTable {

    private final LogTable<Tenant> tenants;
    private final LogTable<Tier> tiers;

    /** Of the tiers that have one. */
    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();

    PlanTable(LogTable<Tenant> tenants, LogTable<Tier> tiers) {
        this.tenants = tenants;
        this.tiers = tiers;
        tiers.onChange((name, before, after) -> apply(name, after));
    }

    static LogTable<Tenant> openTenants(LogTables tables) {
        return tables.of(Topics.TENANTS);
    }

    static LogTable<Tier> openTiers(LogTables tables) {
        return tables.of(Topics.TIERS);
    }

    /** Of all namespaces of a tenant together. */
    public Quota quotaOf(String tenant) {
        return quotas.isEmpty()
                ? Quota.NONE
                : tenants.find(tenant)
                        .map(found -> quotas.getOrDefault(found.getTier(), Quota.NONE))
                        .orElse(Quota.NONE);
    }

    /** The tenants that have one. */
    List<String> tenantsWithQuota() {
        return quotas.isEmpty()
                ? List.of()
                : tenants.entries().stream()
                        .filter(entry -> quotas.containsKey(entry.value().getTier()))
                        .map(entry -> entry.value().getId())
                        .toList();
    }

    boolean ready() {
        return tenants.ready() && tiers.ready();
    }

    private void apply(String name, @Nullable Tier tier) {
        Quota quota = tier == null ? Quota.NONE : quotaOf(tier.getCacheMaxEntries(), tier.getCacheMaxBytes());
        if (quota.isNone()) {
            quotas.remove(name);
        } else {
            quotas.put(name, quota);
        }
    }

    /** What the log says may be anyone's: what is none is taken for no bound. */
    static Quota quotaOf(@Nullable Long entries, @Nullable Long bytes) {
        return new Quota(
                entries == null || entries < 1 ? Quota.UNBOUNDED : entries,
                bytes == null || bytes < 1 ? Quota.UNBOUNDED : bytes);
    }
}
