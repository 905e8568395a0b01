package dev.sluice.cache.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which quotas there are. Asked at each change of an entry: looking something up blocks nobody. Thread-safe. */
public interface Quotas {

    /** Nobody has any. */
    Quotas NONE = new Quotas() {
        @Override
        public @Nullable Terms of(CacheKey key) {
            return null;
        }

        @Override
        public Set<Scope> scopes() {
            return Set.of();
        }

        @Override
        public boolean known() {
            return false;
        }
    };

    /** What an entry under this key counts towards; null for nothing, and then it is not counted. */
    @Nullable
    Terms of(CacheKey key);

    /** All that have a quota. */
    Set<Scope> scopes();

    /** Whether {@link #scopes} says all; else nobody may take one that is not among them for one that has none. */
    boolean known();

    /** The quotas of a namespace and of all namespaces of its tenant together; not both are {@link Quota#NONE}. */
    record Terms(Quota namespace, Quota tenant) {}

    /**
     * What a quota is for.
     *
     * @param namespace empty for all of the tenant's together
     */
    record Scope(String tenant, String namespace) {

        public static Scope ofTenant(String tenant) {
            return new Scope(tenant, "");
        }

        /** What stands behind the sign of a sum in a ledger. */
        String suffix() {
            return namespace.isEmpty() ? "" : ':' + namespace;
        }
    }
}
