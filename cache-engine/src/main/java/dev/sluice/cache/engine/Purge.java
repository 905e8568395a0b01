package dev.sluice.cache.engine;

import java.util.List;

/**
 * A wish that all entries of a namespace under any of the scopes go.
 *
 * @param soft they stay as stale ones, within what was allowed when they were stored
 */
public record Purge(String tenant, String namespace, List<PurgeScope> scopes, boolean soft) {

    public Purge {
        scopes = scopes.stream().distinct().toList();
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("scopes must not be empty");
        }
    }

    /** A hard one of what is under the key. */
    public static Purge of(CacheKey key) {
        return new Purge(key.tenant(), key.namespace(), List.of(PurgeScope.key(key.key())), false);
    }

    /** As it is once it has its number. */
    List<Epoch> epochs(long number) {
        return scopes.stream()
                .map(scope -> new Epoch(tenant, namespace, scope, soft, number))
                .toList();
    }
}
