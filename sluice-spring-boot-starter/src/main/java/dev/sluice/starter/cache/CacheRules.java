package dev.sluice.starter.cache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Lifetime;
import java.time.Duration;

/**
 * What holds for one cache of the application.
 *
 * @param tenant whose entries they are
 * @param namespace where they are
 * @param lifetime of each, from when it was put
 * @param keepsNulls whether it is kept that a method answered null
 * @param maxBytes largest value that is kept, as bytes
 * @param loadPatience how long a caller waits for a value that another makes, before it makes its own
 * @param writePatience how long a caller waits for its change to be made and announced; it goes on by itself after that
 */
public record CacheRules(
        String tenant,
        String namespace,
        Lifetime lifetime,
        boolean keepsNulls,
        int maxBytes,
        Duration loadPatience,
        Duration writePatience) {

    CacheKey key(String text) {
        return new CacheKey(tenant, namespace, text);
    }

    /** Whether a stale value is answered while one caller makes it anew. */
    boolean answersStale() {
        return lifetime.staleWhileRevalidate().isPositive();
    }
}
