package dev.sluice.cache.namespace;

import dev.sluice.record.CacheWritesWithoutRedis;
import java.util.Arrays;
import java.util.Optional;

/** What becomes of writes while Redis is away. */
public enum WritesWithoutRedis {
    /** They are refused. */
    REFUSED("refuse", CacheWritesWithoutRedis.REFUSED),
    /** The node that is asked keeps the value by itself until Redis is back. */
    FIRST_LEVEL("first-level", CacheWritesWithoutRedis.FIRST_LEVEL);

    private final String text;
    private final CacheWritesWithoutRedis recorded;

    WritesWithoutRedis(String text, CacheWritesWithoutRedis recorded) {
        this.text = text;
        this.recorded = recorded;
    }

    /** As the API calls it. */
    public String text() {
        return text;
    }

    CacheWritesWithoutRedis recorded() {
        return recorded;
    }

    static Optional<WritesWithoutRedis> of(String text) {
        return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
    }

    /** What only later versions know is refused here. */
    static WritesWithoutRedis of(CacheWritesWithoutRedis recorded) {
        return recorded == CacheWritesWithoutRedis.FIRST_LEVEL ? FIRST_LEVEL : REFUSED;
    }
}
