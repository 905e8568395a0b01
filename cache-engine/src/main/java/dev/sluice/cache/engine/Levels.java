package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** What happens to a call that the first level alone cannot answer. */
sealed interface Levels permits LayeredLevels, SingleLevel {

    /** The first level has no copy. */
    Mono<ReadResult> read(CacheKey key);

    /** For calls about several keys. */
    Together together();

    /** As the methods of the same name, of several keys, of whose reads and of whose puts the second level is asked in one go. */
    interface Together {

        Mono<ReadResult> read(CacheKey key);

        Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition);

        /** To be called once all calls were begun: none of them goes on before. */
        void send();
    }

    /** As {@link #read}, without waiting for who asks already: what they asked for may be older. */
    Mono<ReadResult> readAnew(CacheKey key);

    Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition);

    Mono<DeleteResult> delete(CacheKey key, Condition condition);

    Mono<Lease> lease(CacheKey key, long seenVersion, Duration life);

    /** Counts as a read; answers how long the entry is kept without another, empty when it is not there any more. */
    Mono<Duration> touch(CacheKey key, CacheEntry entry);

    Mono<Boolean> release(CacheKey key, long token);

    /** Of the last change of a key, as {@link SecondLevel#stamp}. */
    Mono<SecondLevel.Stamp> stamp(CacheKey key);

    /** Answers with its epochs, which count on this node by then. */
    Mono<List<Epoch>> purge(Purge purge);

    void invalidate(CacheKey key, long version);

    /** As {@link TwoLevelCache#renounce}. */
    List<Epoch> renounce(Purge purge);

    /** As {@link TwoLevelCache#putHere}. */
    Mono<PutResult> putHere(CacheKey key, CacheValue value, Lifetime lifetime);

    /** The second level says that the key was changed, and no more. */
    void doubt(CacheKey key);

    /** Whatever the second level may have said was not heard. */
    void doubtAll();

    void suspendFirstLevel();

    void resumeFirstLevel();
}
