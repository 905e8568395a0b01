package dev.sluice.cache.engine;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** What happens to a call that the first level alone cannot answer. */
sealed interface Levels permits LayeredLevels, SingleLevel {

    /** The first level has no copy. */
    Mono<ReadResult> read(CacheKey key);

    Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition);

    Mono<DeleteResult> delete(CacheKey key, Condition condition);

    Mono<Lease> lease(CacheKey key, long seenVersion, Duration life);

    Mono<Boolean> release(CacheKey key, long token);

    void invalidate(CacheKey key, long version);

    void suspendFirstLevel();

    void resumeFirstLevel();
}
