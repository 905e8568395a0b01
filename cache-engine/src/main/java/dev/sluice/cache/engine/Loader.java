package dev.sluice.cache.engine;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Makes the value of a key at its origin. */
@FunctionalInterface
public interface Loader {

    /**
     * Subscribed to by one node at a time for a key, unless the second level is away. An error or an empty answer is a
     * failure; what the origin does not have is {@link CacheValue#absence}.
     *
     * @param stale what was there, for an origin that can tell that nothing has changed
     */
    Mono<Loaded> load(CacheKey key, Optional<CacheEntry> stale);

    /** A value and how long it may be served. */
    record Loaded(CacheValue value, Lifetime lifetime) {}
}
