package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Quotas;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisLedgers;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisLocks.Held;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps true what counts towards quotas: takes out what has ended, once a minute what is not in Redis any more, and counts anew what was
 * never counted, was lost, or was not counted for an hour. One node at a time; what it writes down is right whoever else does it.
 */
final class LedgerKeeping {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeping.class);

    static final Duration WALK_EVERY = Duration.ofMinutes(1);
    static final Duration COUNT_EVERY = Duration.ofHours(1);

    private static final CacheKey LOCK = new CacheKey("sluice", "cache", "ledgers");
    private static final Duration LOCK_LIFE = Duration.ofSeconds(30);

    private final RedisLedgers ledgers;
    private final Quotas quotas;
    private final RedisLocks locks;
    private final String node;
    private final InstantSource clock;
    private final Counter corrected;
    private Instant walkedAt = Instant.MIN;
    /** Whether there may be something in Redis that is not counted any more. */
    private boolean counting = true;

    /** @param corrected counts entries that were in a ledger and not in Redis, or the other way round */
    LedgerKeeping(
            RedisLedgers ledgers,
            Quotas quotas,
            RedisLocks locks,
            String node,
            InstantSource clock,
            Counter corrected) {
        this.ledgers = ledgers;
        this.quotas = quotas;
        this.locks = locks;
        this.node = node;
        this.clock = clock;
        this.corrected = corrected;
    }

    /** One round after the other. Where nobody has a quota, Redis is asked for nothing. */
    Mono<Void> round() {
        if (!quotas.known()) {
            return Mono.empty();
        }
        Set<Scope> scopes = quotas.scopes();
        if (scopes.isEmpty() && !counting) {
            return Mono.empty();
        }
        return lock().filter(Held::own).flatMap(held -> keep(scopes));
    }

    private Mono<Void> keep(Set<Scope> scopes) {
        Set<String> tenants = scopes.stream().map(Scope::tenant).collect(Collectors.toSet());
        return ledgers.forgetAllBut(scopes)
                .then(Mono.fromRunnable(() -> counting = !scopes.isEmpty()))
                .thenMany(Flux.fromIterable(tenants))
                .concatMap(ledgers::settle)
                .then(Mono.defer(() -> walk(tenants)))
                .then(Mono.defer(() -> ledgers.uncounted(scopes, COUNT_EVERY)))
                .filter(uncounted -> !uncounted.isEmpty())
                .flatMap(uncounted -> ledgers.recount(quotas, uncounted, lock()).doOnNext(entered -> {
                    corrected.increment(entered);
                    LOG.info("Counted the entries of {} quotas; {} were not counted before", uncounted.size(), entered);
                }))
                .then();
    }

    private Mono<Void> walk(Set<String> tenants) {
        Instant now = clock.instant();
        if (!walkedAt.equals(Instant.MIN)
                && Duration.between(walkedAt, now).compareTo(WALK_EVERY) < 0
                && !now.isBefore(walkedAt)) {
            return Mono.empty();
        }
        return Flux.fromIterable(tenants)
                .concatMap(tenant -> ledgers.walk(tenant, lock()))
                .doOnNext(corrected::increment)
                .then(Mono.fromRunnable(() -> walkedAt = now));
    }

    /** Who has it already has it for a whole life again. */
    private Mono<Held> lock() {
        return locks.acquire(LOCK, node, LOCK_LIFE);
    }
}
