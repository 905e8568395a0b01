package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisNames.Ledger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the ledgers of a tenant say in which an entry does not lie. A script reaches one slot of a Redis Cluster, and so one of 128
 * ledgers; what the others say is as old as a second and is asked for beside the changes, which never wait for it. In one Redis there are
 * no others.
 */
final class OtherLedgers {

    static final long[] NOTHING = {0, 0};

    /** How long it is gone by. */
    static final Duration AGE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(OtherLedgers.class);

    private final RedisLink redis;
    private final Map<Scope, Known> known = new ConcurrentHashMap<>();

    OtherLedgers(RedisLink redis) {
        this.redis = redis;
    }

    /** Entries and bytes; as long as nobody knows, nothing. */
    long[] elsewhere(CacheKey key, Scope scope) {
        if (!redis.names().clustered()) {
            return NOTHING;
        }
        Known one = known.computeIfAbsent(scope, ignored -> new Known());
        if (System.nanoTime() - one.askedAt > AGE.toNanos() && one.asking.compareAndSet(false, true)) {
            ask(scope, one);
        }
        return one.without(redis.names().ledgerOf(key));
    }

    private void ask(Scope scope, Known one) {
        sums(redis, scope)
                .doFinally(ignored -> {
                    one.askedAt = System.nanoTime();
                    one.asking.set(false);
                })
                .subscribe(
                        sums -> one.sums = sums,
                        error -> log.debug("what other ledgers say is as it was known", error));
    }

    /** Of each ledger entries and bytes. */
    private static Mono<List<long[]>> sums(RedisLink redis, Scope scope) {
        return redis.ask(connection -> Flux.fromIterable(redis.names().ledgers(scope.tenant()))
                .flatMapSequential(ledger -> sums(connection, ledger, scope), 128)
                .collectList());
    }

    private static Mono<long[]> sums(ReactiveRedisConnection connection, Ledger ledger, Scope scope) {
        return Mono.zip(
                        score(connection, ledger.name(), "#e" + scope.suffix()),
                        score(connection, ledger.name(), "#b" + scope.suffix()))
                .map(sums -> new long[] {sums.getT1(), sums.getT2()});
    }

    private static Mono<Long> score(ReactiveRedisConnection connection, ByteBuffer ledger, String sum) {
        return connection
                .zSetCommands()
                .zScore(ledger.duplicate(), RedisArguments.text(sum))
                .map(score -> -score.longValue())
                .defaultIfEmpty(0L);
    }

    /** What was heard last. */
    private static final class Known {

        private final AtomicBoolean asking = new AtomicBoolean();
        private volatile long askedAt = System.nanoTime() - AGE.toNanos() - 1;
        private volatile List<long[]> sums = List.of();

        long[] without(int ledger) {
            List<long[]> all = sums;
            long entries = 0;
            long bytes = 0;
            for (int i = 0; i < all.size(); i++) {
                if (i != ledger) {
                    entries += all.get(i)[0];
                    bytes += all.get(i)[1];
                }
            }
            return new long[] {Math.max(0, entries), Math.max(0, bytes)};
        }
    }
}
