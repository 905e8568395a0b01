package dev.sluice.starter.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * What a look into a cache came to.
 *
 * @param hit whether there is a value, which may be null
 */
record Found(boolean hit, @Nullable Object value) {

    static final Found NOTHING = new Found(false, null);

    static Found of(@Nullable Object value) {
        return new Found(true, value);
    }

    @Nullable
    ValueWrapper wrapped() {
        return hit ? new SimpleValueWrapper(value) : null;
    }
}
