package dev.sluice.cache.engine;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** A first level on this node before a shared second one; alone without a second level. Thread-safe; nothing blocks. */
public final class TwoLevelCache implements AutoCloseable {

    TwoLevelCache(TwoLevelCacheBuilder builder) {
        builder.settings();
    }

    public static TwoLevelCacheBuilder builder(CacheSettings settings) {
        return new TwoLevelCacheBuilder(settings);
    }

    /** Reads at the call when the first level has it; never fails because the second level is away. Subscribe once. */
    public Mono<ReadResult> get(CacheKey key) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key));
    }

    /** Fails with {@link ConditionFailedException} or {@link SecondLevelUnavailableException}. */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key + value + ttl + condition));
    }

    /** Fails with {@link ConditionFailedException} or {@link SecondLevelUnavailableException}. */
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return Mono.error(new UnsupportedOperationException("not yet: " + key + condition));
    }

    /** Told by the log: copies older than the version are stale. Repeated and reordered calls are harmless. */
    public void invalidate(CacheKey key, long version) {
        Mono.just(key).map(k -> version).subscribe();
    }

    /** While the log lags, reads go to the second level. Nothing without a second level. */
    public void suspendFirstLevel() {}

    /** The log has caught up. The first level starts empty. */
    public void resumeFirstLevel() {}

    /** Forgets the first level and its meters. The second level belongs to whoever made it. */
    @Override
    public void close() {}
}
