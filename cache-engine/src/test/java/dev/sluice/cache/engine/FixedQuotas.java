package dev.sluice.cache.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Quotas that a test lays down. */
final class FixedQuotas implements Quotas {

    private final Map<Scope, Quota> quotas = new ConcurrentHashMap<>();

    FixedQuotas of(Scope scope, Quota quota) {
        quotas.put(scope, quota);
        return this;
    }

    void takeBack(Scope scope) {
        quotas.remove(scope);
    }

    @Override
    public @Nullable Terms of(CacheKey key) {
        Quota namespace = quotas.getOrDefault(new Scope(key.tenant(), key.namespace()), Quota.NONE);
        Quota tenant = quotas.getOrDefault(Scope.ofTenant(key.tenant()), Quota.NONE);
        return namespace.isNone() && tenant.isNone() ? null : new Terms(namespace, tenant);
    }

    @Override
    public Set<Scope> scopes() {
        return quotas.keySet().stream().collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean known() {
        return true;
    }
}
