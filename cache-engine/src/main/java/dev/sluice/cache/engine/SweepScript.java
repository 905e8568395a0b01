package dev.sluice.cache.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Removes entries that purges cover, also from the ledger of their tenant if it has one. */
final class SweepScript {

    private final EntryScript script = EntryScript.entryInLedger("sweep.lua");

    private final EntryScript scriptOfMany = EntryScript.sweepAll();

    /**
     * Removes of each what was begun before the epoch beside it; answers which of them were there. They go in one command, on a Redis Cluster,
     * where they lie apart, in one each.
     */
    Mono<Set<CacheKey>> runAll(RedisLink redis, Map<CacheKey, Long> epochs) {
        if (epochs.isEmpty()) {
            return Mono.just(Set.of());
        }
        if (redis.names().clustered()) {
            return Flux.fromIterable(epochs.entrySet())
                    .flatMap(
                            each -> run(redis, each.getKey(), 0, each.getValue())
                                    .filter(done -> done)
                                    .map(done -> each.getKey()),
                            epochs.size())
                    .collect(Collectors.toSet());
        }
        List<CacheKey> keys = List.copyOf(epochs.keySet());
        List<ByteBuffer> arguments = new ArrayList<>(4 * keys.size() + 1);
        for (CacheKey key : keys) {
            arguments.add(redis.names().entry(key));
            arguments.add(redis.names().ledger(key).name());
        }
        arguments.add(RedisArguments.number(RedisSecondLevel.TOMBSTONE_LIFE.toMillis()));
        for (CacheKey key : keys) {
            arguments.add(RedisArguments.number(epochs.getOrDefault(key, 0L)));
            arguments.add(RedisArguments.text(RedisNames.withinTenant(key)));
        }
        return redis.ask(scriptOfMany, 2 * keys.size(), arguments.toArray(ByteBuffer[]::new))
                .map(answer -> swept(keys, answer));
    }

    private static Set<CacheKey> swept(List<CacheKey> keys, Object answer) {
        if (!(answer instanceof List<?> states) || states.size() != keys.size()) {
            throw new IllegalStateException("a script answered with something else than a number for each entry");
        }
        return IntStream.range(0, keys.size())
                .filter(i -> states.get(i) instanceof Long state && state == 1)
                .mapToObj(keys::get)
                .collect(Collectors.toSet());
    }

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
