package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads that ask for a lease where a value is missing, stale or due. */
final class LeasedReads {

    private final Levels levels;
    private final ReadRules rules;
    private final Duration leaseLife;
    private final CacheCounts counts;

    LeasedReads(Levels levels, ReadRules rules, Duration leaseLife, CacheCounts counts) {
        this.levels = levels;
        this.rules = rules;
        this.leaseLife = leaseLife;
        this.counts = counts;
    }

    /** What was found decides whether to ask for a lease; what is older than the version is nothing to its reader. */
    Mono<LeasedRead> leased(CacheKey key, ReadResult found, long minVersion) {
        if (found.outcome() == ReadOutcome.ERROR) {
            return Mono.just(LeasedRead.without(found));
        }
        Freshness freshness = found.entry()
                .filter(entry -> entry.version() >= minVersion)
                .map(rules::judge)
                .orElse(Freshness.GONE);
        ReadResult result = found.entry()
                .map(entry -> ReadRules.settle(found, entry, freshness, StaleReads.WHILE_REVALIDATING))
                .orElse(found);
        if (freshness == Freshness.FRESH) {
            return Mono.just(LeasedRead.without(result));
        }
        return ask(key, found)
                .flatMap(lease -> answer(key, result, lease, minVersion))
                .onErrorReturn(SecondLevelUnavailableException.class, LeasedRead.without(result));
    }

    Mono<Lease> ask(CacheKey key, ReadResult found) {
        return levels.lease(key, found.entry().map(CacheEntry::version).orElse(0L), leaseLife)
                .doOnNext(counts.leases::answered);
    }

    private Mono<LeasedRead> answer(CacheKey key, ReadResult result, Lease lease, long minVersion) {
        return switch (lease) {
            case Lease.Granted ignored -> Mono.just(new LeasedRead(result, Optional.of(lease)));
            case Lease.Held ignored -> Mono.just(new LeasedRead(result, Optional.of(lease)));
            case Lease.Changed ignored ->
                levels.readAnew(key)
                        .map(newer -> newer.notBefore(minVersion))
                        .map(newer -> LeasedRead.without(rules.settle(newer, StaleReads.WHILE_REVALIDATING)));
        };
    }
}
