package dev.sluice.cache.engine;

import java.time.Duration;

/** Told of every copy that was found wrong, after it was removed. Must be quick and must not throw. */
@FunctionalInterface
public interface AuditObserver {

    /**
     * Called once for each such copy.
     *
     * @param finding {@link AuditFinding#STALE} or {@link AuditFinding#ORPHANED}
     * @param version of the copy
     * @param wrongFor since when the second level had something else: exactly when it is stale, at least when it is orphaned
     */
    void onWrong(CacheKey key, AuditFinding finding, long version, Duration wrongFor);
}
