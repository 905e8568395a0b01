package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.cache.engine.CacheCounts.LoadCounts;
import dev.sluice.cache.engine.Loader.Loaded;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads that make the value where there is nothing fresh. One reader a node asks for the lease and one node gets it, so
 * an origin is asked once; the others wait for the value, or serve what is stale. A change during a load voids its
 * lease: what was loaded then answers those who waited and is not kept.
 */
final class Loads {

    private static final Logger log = LoggerFactory.getLogger(Loads.class);

    /** How often those who wait for another node's load look again: about what one load takes at least. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Levels levels;
    private final FillGuard guard;
    private final ReadRules rules;
    private final LeasedReads leases;
    private final Epochs epochs;
    private final SingleFlight flights;
    private final Lifetimes lifetimes;
    private final CacheObserver observer;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final LoadCounts counts;

    Loads(
            Levels levels,
            FillGuard guard,
            Epochs epochs,
            ReadRules rules,
            LeasedReads leases,
            LoadCounts counts,
            TwoLevelCacheBuilder builder) {
        this.levels = levels;
        this.guard = guard;
        this.rules = rules;
        this.leases = leases;
        this.epochs = epochs;
        this.flights = builder.parts().flights(guard, epochs);
        this.lifetimes = new Lifetimes(builder);
        this.observer = builder.observer();
        this.clock = builder.clock();
        this.scheduler = builder.scheduler();
        this.ticker = builder.ticker();
        this.counts = counts;
    }

    /** What was found decides whether to load, and whether to wait for it; the token is from before it was found. */
    Mono<ReadResult> fresh(CacheKey key, ReadResult found, long token, Loader loader, LoadPatience patience) {
        Freshness freshness = found.entry().map(rules::judge).orElse(Freshness.GONE);
        Mono<ReadResult> load = shared(key, found, freshness, loader, patience);
        return switch (freshness) {
            case FRESH -> Mono.just(settled(found, freshness));
            case FRESH_BUT_DUE, STALE_WHILE_REVALIDATE -> {
                begin(key, load);
                yield Mono.just(settled(found, freshness));
            }
            case STALE_IF_ERROR -> unlessTooLate(key, load, settled(found, freshness), token, patience);
            case GONE -> load;
        };
    }

    /** Whoever joins waits no longer than it has patience, whatever that of the one who began. */
    private Mono<ReadResult> shared(
            CacheKey key, ReadResult found, Freshness freshness, Loader loader, LoadPatience patience) {
        return flights.join(key, ignored -> {
                    counts.begun(freshness);
                    return load(key, found, loader, patience);
                })
                .doFirst(counts::asked)
                .timeout(patience.hard(), scheduler)
                .onErrorMap(TimeoutException.class, LoadFailedException::new);
    }

    private static ReadResult settled(ReadResult found, Freshness freshness) {
        return found.entry()
                .map(entry -> ReadRules.settle(found, entry, freshness, StaleReads.AFTER_ERROR))
                .orElse(found);
    }

    /** In the background: the reader has been answered. */
    private static void begin(CacheKey key, Mono<ReadResult> load) {
        load.subscribe(
                ignored -> {}, error -> log.debug("a value of namespace {} was not refreshed", key.namespace(), error));
    }

    /** A stale value is no answer any more once the key may have changed. */
    private Mono<ReadResult> unlessTooLate(
            CacheKey key, Mono<ReadResult> load, ReadResult stale, long token, LoadPatience patience) {
        Mono<ReadResult> late = Mono.defer(() ->
                guard.isCurrent(key, token) && !isPurged(key, stale) ? Mono.fromSupplier(() -> covered(stale)) : load);
        return load.timeout(patience.soft(), late, scheduler).onErrorResume(LoadFailedException.class, error -> late);
    }

    private ReadResult covered(ReadResult stale) {
        counts.coveredByStale.increment();
        return stale;
    }

    private boolean isPurged(CacheKey key, ReadResult result) {
        return result.entry().map(entry -> epochs.judge(key, entry).isEmpty()).orElse(false);
    }

    private Mono<ReadResult> load(CacheKey key, ReadResult found, Loader loader, LoadPatience patience) {
        return attempt(key, found, loader)
                .timeout(patience.hard(), scheduler)
                .onErrorMap(error -> error instanceof LoadFailedException ? error : new LoadFailedException(error));
    }

    private Mono<ReadResult> attempt(CacheKey key, ReadResult found, Loader loader) {
        Mono<Lease> lease = found.outcome() == ReadOutcome.ERROR
                ? Mono.error(SecondLevelUnavailableException.notAsked())
                : leases.ask(key, found);
        return lease.map(Optional::of)
                .onErrorReturn(SecondLevelUnavailableException.class, Optional.empty())
                .flatMap(answer -> answer.map(given -> under(given, key, found, loader))
                        .orElseGet(() -> make(key, found, loader).map(this::unkept)));
    }

    private Mono<ReadResult> under(Lease lease, CacheKey key, ReadResult found, Loader loader) {
        return switch (lease) {
            case Lease.Granted granted ->
                make(key, found, loader)
                        .doOnError(error -> giveBack(key, granted.token()))
                        .doOnCancel(() -> giveBack(key, granted.token()))
                        .flatMap(loaded -> keep(key, loaded, granted.token()));
            case Lease.Held ignored -> Mono.delay(LOOK_AGAIN, scheduler).then(again(key, loader));
            case Lease.Changed ignored -> again(key, loader);
        };
    }

    /** Looks past this node's copy, which the one who was let in before has seen. */
    private Mono<ReadResult> again(CacheKey key, Loader loader) {
        return levels.read(key).flatMap(found -> {
            Freshness freshness = found.entry().map(rules::judge).orElse(Freshness.GONE);
            return freshness == Freshness.FRESH || freshness == Freshness.FRESH_BUT_DUE
                    ? Mono.just(settled(found, freshness))
                    : attempt(key, found, loader);
        });
    }

    private Mono<Loaded> make(CacheKey key, ReadResult found, Loader loader) {
        return Mono.defer(() -> {
            long start = ticker.read();
            return asked(key, found, loader)
                    .doOnNext(ignored -> counts.ended(counts.succeeded, ticker.read() - start))
                    .doOnError(ignored -> counts.ended(counts.failed, ticker.read() - start))
                    .doOnCancel(() -> counts.ended(counts.timedOut, ticker.read() - start));
        });
    }

    private static Mono<Loaded> asked(CacheKey key, ReadResult found, Loader loader) {
        return Mono.defer(() -> loader.load(
                        key, found.entry().filter(entry -> !entry.value().isAbsence())))
                .switchIfEmpty(Mono.error(() -> new TimeoutException("the loader answered nothing")));
    }

    private Mono<ReadResult> keep(CacheKey key, Loaded loaded, long token) {
        if (loaded.use() == Loader.Use.BY_THIS_READ) {
            giveBack(key, token);
            return Mono.just(unkept(loaded, token));
        }
        return Mono.defer(() -> levels.put(
                        key, loaded.value(), lifetimes.given(key, loaded.lifetime()), Condition.lease(token)))
                .doOnNext(result -> observer.onLoaded(key, result))
                .map(result -> made(result.entry()))
                .doOnError(QuotaExceededException.class, full -> giveBack(key, token))
                .onErrorReturn(QuotaExceededException.class, unkept(loaded, token))
                .onErrorReturn(ConditionFailedException.class, unkept(loaded, token))
                .onErrorReturn(SecondLevelUnavailableException.class, unkept(loaded, token));
    }

    /** Without a second level there is nobody to give it a version; two values should not have the same all the same. */
    private ReadResult unkept(Loaded loaded) {
        return unkept(loaded, Math.max(1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant())));
    }

    private ReadResult unkept(Loaded loaded, long version) {
        Instant now = clock.instant();
        return made(new CacheEntry(loaded.value(), version, now, loaded.lifetime(), Duration.ZERO));
    }

    private static ReadResult made(CacheEntry entry) {
        return entry.value().isAbsence() ? ReadResult.MISS : ReadResult.of(ReadOutcome.MISS, entry);
    }

    private void giveBack(CacheKey key, long token) {
        levels.release(key, token)
                .subscribe(ignored -> {}, error -> log.debug("a lease was not given back; it ends by itself", error));
    }
}
