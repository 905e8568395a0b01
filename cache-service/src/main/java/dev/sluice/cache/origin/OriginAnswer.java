package dev.sluice.cache.origin;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.platform.web.caching.Directives;
import java.time.Duration;

/**
 * What an origin answered of a key.
 *
 * @see Value
 * @see Absent
 */
public sealed interface OriginAnswer {

    /** What it says of how long that holds. */
    Directives directives();

    /** How long it was kept by others on the way. */
    Duration age();

    /** The value. */
    record Value(CacheValue value, Directives directives, Duration age) implements OriginAnswer {}

    /** It has none (404, 410). */
    record Absent(Directives directives, Duration age) implements OriginAnswer {}
}
