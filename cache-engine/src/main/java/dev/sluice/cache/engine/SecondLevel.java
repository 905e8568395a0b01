package dev.sluice.cache.engine;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The shared level, which issues the versions and checks the conditions. Versions of one key grow with every put and
 * delete. No method blocks. Times cross this port as ages, never as instants, so that no two clocks are compared.
 */
public interface SecondLevel {

    /** Empty when there is none, or when it was deleted or has expired. */
    Mono<Fetched> fetch(CacheKey key);

    /** Fails with {@link ConditionFailedException} and changes nothing when the condition does not hold. */
    Mono<Written> put(CacheKey key, CacheValue value, Duration ttl, Condition condition);

    /**
     * Issues a version even when there was no entry: older copies may be elsewhere. Fails with {@link
     * ConditionFailedException} and changes nothing when the condition does not hold.
     */
    Mono<DeleteResult> delete(CacheKey key, Condition condition);

    /**
     * An entry that was found.
     *
     * @param age since it was stored
     * @param remaining until it expires
     */
    record Fetched(CacheValue value, long version, Duration age, Duration remaining) {}

    /** The version given to a put; created when there was no entry before. */
    record Written(long version, boolean created) {}
}
