package dev.sluice.cache.engine;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Reads entries of one tenant together: one command and one answer for all, where each alone takes three. Redis does nothing else
 * meanwhile, so neither the entries nor their bytes are as many as may be.
 */
final class FetchScript {

    static final int MOST_KEYS = 128;

    /** Once the values of an answer have so many bytes, the entries that follow are left out. */
    static final int ENOUGH_BYTES = 1 << 20;

    private static final long NOT_THERE = -2;
    private static final long NO_STRING = -3;

    private final EntryScript script = EntryScript.alone("fetch.lua");

    /**
     * What lies under one key.
     *
     * @param remainingMillis as PTTL says it
     * @param lastPurge the number of the last epoch of the tenant, 0 for none
     */
    record Found(long remainingMillis, ByteBuffer bytes, long lastPurge) {}

    /** Empty for a key under which nothing lies. Not in the answer: what was left out, and what is no string. */
    Mono<Map<CacheKey, Optional<Found>>> run(RedisLink redis, List<CacheKey> keys) {
        ByteBuffer[] arguments = new ByteBuffer[keys.size() + 2];
        arguments[0] = RedisArguments.epochs(keys.getFirst().tenant());
        for (int i = 0; i < keys.size(); i++) {
            arguments[i + 1] = redis.names().entry(keys.get(i));
        }
        arguments[keys.size() + 1] = RedisArguments.number(ENOUGH_BYTES);
        return redis.ask(script, keys.size() + 1, arguments).map(reply -> found(keys, reply));
    }

    private static Map<CacheKey, Optional<Found>> found(List<CacheKey> keys, Object reply) {
        if (!(reply instanceof List<?> list) || list.isEmpty() || !(list.getFirst() instanceof Long lastPurge)) {
            throw new IllegalStateException("a script answered with no list that begins with a number");
        }
        Map<CacheKey, Optional<Found>> found = HashMap.newHashMap(keys.size());
        for (int i = 0; 2 * i + 2 < list.size(); i++) {
            if (!(list.get(2 * i + 1) instanceof Long millis) || !(list.get(2 * i + 2) instanceof ByteBuffer bytes)) {
                throw new IllegalStateException("a script answered with something else than a life and a value");
            }
            if (millis == NOT_THERE) {
                found.put(keys.get(i), Optional.empty());
            } else if (millis != NO_STRING) {
                found.put(keys.get(i), Optional.of(new Found(millis, bytes, lastPurge)));
            }
        }
        return found;
    }
}
