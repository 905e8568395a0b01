package dev.sluice.cache.namespace;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.coherence.UnannouncedWriteException;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.PutBatch;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.SecondLevelUnavailableException;
import reactor.core.publisher.Mono;

/** Puts of values, as their namespaces want them when Redis is away. Thread-safe; never blocks. */
public final class NamespaceWrites {

    private final CoherentCache cache;
    private final NamespaceTable namespaces;

    NamespaceWrites(CoherentCache cache, NamespaceTable namespaces) {
        this.cache = cache;
        this.namespaces = namespaces;
    }

    /** A value that was stored, and for whom. */
    public record Written(PutResult result, Reach reach) {}

    /** Who finds a value. */
    public enum Reach {
        ALL_NODES,
        /** The one that was asked, until Redis is back. */
        THIS_NODE
    }

    private static boolean nothingKept(Throwable refusal) {
        return refusal instanceof UnannouncedWriteException || refusal instanceof SecondLevelUnavailableException;
    }

    /** Fails as {@link CoherentCache#put}. A put under a condition is nothing for one node alone to decide. */
    public Mono<Written> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return orHere(key, value, lifetime, condition, cache.put(key, value, lifetime, condition));
    }

    /** For several puts, which are to reach Redis in one go. */
    public PutBatch putBatch() {
        return cache.putBatch();
    }

    /** As {@link #put(CacheKey, CacheValue, Lifetime, Condition)}, of several of {@link #putBatch}; goes on when that is sent. */
    public Mono<Written> put(PutBatch batch, CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return orHere(key, value, lifetime, condition, cache.put(batch, key, value, lifetime, condition));
    }

    private Mono<Written> orHere(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Mono<PutResult> asked) {
        Mono<Written> shared = asked.map(put -> new Written(put, Reach.ALL_NODES));
        if (!(condition instanceof Condition.Any)
                || namespaces.rulesOf(key).writesWithoutRedis() == WritesWithoutRedis.REFUSED) {
            return shared;
        }
        return shared.onErrorResume(
                SecondLevelUnavailableException.class,
                failure -> cache.putHere(key, value, lifetime)
                        .map(put -> new Written(put, Reach.THIS_NODE))
                        // Nothing was kept, as if this had not been tried.
                        .onErrorMap(NamespaceWrites::nothingKept, refusal -> failure));
    }
}
