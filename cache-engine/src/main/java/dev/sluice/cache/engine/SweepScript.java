package dev.sluice.cache.engine;

import reactor.core.publisher.Mono;

/** Removes entries that purges cover, also from the ledger of their tenant if it has one. */
final class SweepScript {

    private final EntryScript script = EntryScript.entryInLedger("sweep.lua");

    /** Answers whether it was there in that version; version 0 stands for any that was begun before the epoch. */
    Mono<Boolean> run(RedisLink redis, CacheKey key, long version, long epoch) {
        return redis.run(
                        script,
                        2,
                        redis.names().entry(key),
                        redis.names().ledger(key).name(),
                        RedisArguments.number(version),
                        RedisArguments.number(epoch),
                        RedisArguments.number(RedisSecondLevel.TOMBSTONE_LIFE.toMillis()),
                        RedisArguments.text(RedisNames.withinTenant(key)))
                .map(answer -> answer.state() == 1);
    }
}
