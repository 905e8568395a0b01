package dev.sluice.cache.origin;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.platform.web.caching.Directives;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an origin answered of a key.
 *
 * @see Value
 * @see Unkept
 * @see Unchanged
 * @see Absent
 */
public sealed interface OriginAnswer {

    /** What it says of how long that holds. */
    Directives directives();

    /** How long it was kept by others on the way. */
    Duration age();

    /** The value. */
    record Value(CacheValue value, Directives directives, Duration age) implements OriginAnswer {}

    /** The value, for those alone who wait for it: under its tags it could not be purged. */
    record Unkept(CacheValue value, Directives directives, Duration age) implements OriginAnswer {}

    /**
     * The value that it was asked about is that of now (304).
     *
     * @param tags in place of those that it had; empty when it has said nothing of them
     */
    record Unchanged(Optional<List<String>> tags, Directives directives, Duration age) implements OriginAnswer {
        public Unchanged {
            tags = tags.map(List::copyOf);
        }
    }

    /** It has none (404, 410). */
    record Absent(Directives directives, Duration age) implements OriginAnswer {}
}
