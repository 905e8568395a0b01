package dev.sluice.cache.engine;

import java.time.Duration;
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

    /**
     * What was made.
     *
     * @param lifetime how long it may be served
     * @param use by whom
     */
    record Loaded(CacheValue value, Lifetime lifetime, Use use) {

        private static final Lifetime SHORTEST = Lifetime.of(Duration.ofMillis(1));

        /** A value that is kept for others. */
        public Loaded(CacheValue value, Lifetime lifetime) {
            this(value, lifetime, Use.BY_ALL);
        }

        /** A value that is not kept: for those alone who wait for it on this node. */
        public static Loaded forThisRead(CacheValue value) {
            return new Loaded(value, SHORTEST, Use.BY_THIS_READ);
        }
    }

    /** Whom a value may be served to. */
    enum Use {
        BY_ALL,
        BY_THIS_READ
    }
}
