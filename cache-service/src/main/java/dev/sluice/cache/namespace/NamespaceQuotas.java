package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.engine.Quotas;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The quotas of namespaces, as their tenants lay them down, and of tenants, as their tiers have them. Thread-safe. */
public final class NamespaceQuotas implements Quotas {

    private final NamespaceTable namespaces;
    private final PlanTable plans;

    NamespaceQuotas(NamespaceTable namespaces, PlanTable plans) {
        this.namespaces = namespaces;
        this.plans = plans;
    }

    @Override
    public @Nullable Terms of(CacheKey key) {
        return of(key.tenant(), key.namespace());
    }

    /** As {@link #of(CacheKey)}, of any key of the namespace. */
    public @Nullable Terms of(String tenant, String namespace) {
        Quota ofNamespace = namespaces.rulesOf(tenant, namespace).quota();
        Quota ofTenant = plans.quotaOf(tenant);
        return ofNamespace.isNone() && ofTenant.isNone() ? null : new Terms(ofNamespace, ofTenant);
    }

    @Override
    public Set<Scope> scopes() {
        return Stream.concat(
                        namespaces.withQuota().stream(),
                        plans.tenantsWithQuota().stream().map(Scope::ofTenant))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean known() {
        return namespaces.ready() && plans.ready();
    }
}
