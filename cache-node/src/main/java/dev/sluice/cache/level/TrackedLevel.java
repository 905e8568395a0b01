package dev.sluice.cache.level;

import dev.sluice.cache.engine.RedisTracking;
import org.jspecify.annotations.Nullable;

/** Whether Redis tells this node of changes, and the end of it when the process ends. */
record TrackedLevel(@Nullable RedisTracking tracking) implements AutoCloseable {

    static final TrackedLevel UNTRACKED = new TrackedLevel(null);

    @Override
    public void close() {
        if (tracking != null) {
            tracking.close();
        }
    }
}
