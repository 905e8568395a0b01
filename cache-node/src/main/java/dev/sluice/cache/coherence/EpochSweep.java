package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisLocks.Held;
import dev.sluice.cache.engine.RedisSweep;
import dev.sluice.cache.engine.TwoLevelCache;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Carries out purges in Redis: one node at a time, since Redis has work enough with one. It also puts purges on the log
 * whose node died before it could, and takes off the log those that are done.
 */
final class EpochSweep {
    private static final Logger LOG = LoggerFactory.getLogger(EpochSweep.class);

    private static final CacheKey LOCK = new CacheKey("sluice", "cache", "sweep");
    private static final Duration LOCK_LIFE = Duration.ofSeconds(30);

    private final RedisSweep sweep;
    private final RedisLocks locks;
    private final TwoLevelCache cache;
    private final EpochTable table;
    private final String node;
    private final Counter swept;

    EpochSweep(RedisSweep sweep, RedisLocks locks, TwoLevelCache cache, EpochTable table, String node, Counter swept) {
        this.sweep = sweep;
        this.locks = locks;
        this.cache = cache;
        this.table = table;
        this.node = node;
        this.swept = swept;
    }

    /** Goes through Redis once, if there is a purge that has not been carried out and no other node is at it. */
    Mono<Void> sweep() {
        return sweep.pending().flatMap(pending -> {
            Set<Epoch> known = new LinkedHashSet<>(pending);
            known.addAll(cache.epochs());
            return known.isEmpty()
                    ? Mono.empty()
                    : lock().filter(Held::own).flatMap(held -> carryOut(pending, List.copyOf(known)));
        });
    }

    private Mono<Void> carryOut(List<Epoch> pending, List<Epoch> known) {
        return Flux.fromIterable(pending)
                .concatMap(epoch -> Mono.fromFuture(() -> table.announce(epoch), true))
                .thenMany(Flux.fromIterable(known))
                .concatMap(epoch -> Mono.fromFuture(() -> table.correct(epoch), true))
                .then(sweep.pass(known, lock()))
                .doOnNext(count -> {
                    swept.increment(count);
                    LOG.info("Carried out purges on {} entries in Redis", count);
                })
                .thenMany(sweep.retire(known))
                .concatMap(epoch -> Mono.fromFuture(() -> table.retire(epoch), true))
                .then(sweep.forgetIdle());
    }

    /** Who has it already has it for a whole life again. */
    private Mono<Held> lock() {
        return locks.acquire(LOCK, node, LOCK_LIFE);
    }
}
