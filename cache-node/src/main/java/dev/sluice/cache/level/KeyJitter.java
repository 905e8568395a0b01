package dev.sluice.cache.level;

import dev.sluice.cache.engine.CacheKey;
import java.util.Optional;

/** Says of keys by which part of a life, 0 to below 1, it may be shortened at random. Quick: it is asked at each put. */
@FunctionalInterface
public interface KeyJitter {

    /** Empty for that of the node. */
    Optional<Double> of(CacheKey key);
}
