package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.cache.engine.CacheStatistics.SecondLevelState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A first level on this node before a shared second one; alone without a second level. Thread-safe; nothing blocks. */
public final class TwoLevelCache implements AutoCloseable {

    /** A key that nobody has: no tenant is named so. */
    private static final CacheKey PROBE = new CacheKey("sluice", "probe", "probe");

    private final CacheSettings settings;
    private final List<Runnable> onClose = new ArrayList<>();
    private final Epochs epochs;
    private final CacheCounts counts = new CacheCounts();
    private final Instant since;
    private final FirstLevel first;
    private final Levels levels;
    private final Function<CacheKey, Mono<ReadResult>> elsewhere;
    private final CacheObserver observer;
    private final CacheMeters meters;
    private final Supplier<SecondLevelState> secondLevelState;
    private final Ticker ticker;
    private final HitClock hitClock;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Lifetimes lifetimes;
    private final ReadRules rules;
    private final LeasedReads leases;
    private final Touches touches;
    private final Pressure pressure;
    private final Loads loads;

    TwoLevelCache(TwoLevelCacheBuilder builder) {
        settings = builder.settings();
        clock = builder.clock();
        since = clock.instant();
        scheduler = builder.scheduler();
        observer = builder.observer();
        ticker = builder.ticker();
        hitClock = builder.parts()
                .hitClock(ticker, () -> counts.reads(ReadOutcome.L1_HIT) + counts.reads(ReadOutcome.NEGATIVE));
        onClose.add(hitClock::close);
        lifetimes = new Lifetimes(builder);
        rules = new ReadRules(clock, builder.random(), settings.earlyRefresh());
        EngineParts parts = builder.parts();
        epochs = parts.epochs();
        first = parts.firstLevel(new FirstLevel.Setup(
                settings.firstLevelMaxBytes(), builder.clock(), epochs, counts, parts.fillGuard(), parts.fillGuard()));
        meters = new CacheMeters(builder.meters(), counts, first);
        pressure = new Pressure(first, builder.pressurePolicy());
        meters.watch(pressure);
        onClose.add(builder.memory().watch(pressure::measured)::dispose);
        Optional<GuardedSecondLevel> second = builder.secondLevel().map(level -> guarded(level, builder));
        secondLevelState = () -> second.map(GuardedSecondLevel::asked).orElse(SecondLevelState.NONE);
        levels = second.<Levels>map(level -> layered(level, parts, builder))
                .orElseGet(() -> new SingleLevel(first, epochs, builder.clock()));
        elsewhere = levels::read;
        touches = new Touches(levels, first, builder.clock(), counts);
        leases = new LeasedReads(levels, rules, settings.leaseLife(), counts);
        loads = new Loads(levels, first.announced(), epochs, rules, leases, counts.loads, builder);
    }

    private static CallGuard guarding(SecondLevel second, FirstLevel first, TwoLevelCacheBuilder builder) {
        return new CallGuard(
                builder.settings(),
                builder.clock(),
                builder.scheduler(),
                first::clear,
                () -> second.fetch(PROBE).then());
    }

    private LayeredLevels layered(GuardedSecondLevel second, EngineParts parts, TwoLevelCacheBuilder builder) {
        LonePuts lone = new LonePuts(first, second, epochs, clock, builder);
        onClose.add(lone::close);
        return new LayeredLevels(first, second, lone, epochs, parts, clock);
    }

    private GuardedSecondLevel guarded(SecondLevel second, TwoLevelCacheBuilder builder) {
        CallGuard guard = guarding(second, first, builder);
        onClose.add(guard::close);
        GuardedSecondLevel guarded = new GuardedSecondLevel(second, guard);
        meters.watch(guarded);
        onClose.add(second.onReturn(first::clear)::dispose);
        return guarded;
    }

    public static TwoLevelCacheBuilder builder(CacheSettings settings) {
        return new TwoLevelCacheBuilder(settings);
    }

    /** Reads the first level at the call, the second at the subscription; subscribe once. Never fails because the second level is away. */
    public Mono<ReadResult> get(CacheKey key) {
        return get(key, StaleReads.WHILE_REVALIDATING);
    }

    /** As {@link #get(CacheKey)}, for a reader who may take more stale values than others. */
    public Mono<ReadResult> get(CacheKey key, StaleReads accepted) {
        return get(key, accepted, elsewhere);
    }

    private Mono<ReadResult> get(CacheKey key, StaleReads accepted, Function<CacheKey, Mono<ReadResult>> withoutCopy) {
        long begun = hitClock.begin();
        Copy held = first.peek(key);
        Mono<ReadResult> hit = held == null ? null : calmHit(key, held, begun);
        if (hit != null) {
            return hit;
        }
        long start = hitClock.timed(begun);
        return found(key, held == null ? null : first.served(key, held, clock.millis()), withoutCopy)
                .map(found -> rules.settle(found, accepted))
                .doOnNext(result -> answered(key, result, start));
    }

    /** The answer of a copy that is fresh and far from due, made beforehand; null when there is more to think of. */
    private @Nullable Mono<ReadResult> calmHit(CacheKey key, Copy held, long begun) {
        HitObserver hits = first.calm(held, hitClock.moment(begun));
        if (hits == null) {
            return calmed(key, held, hitClock.timed(begun));
        }
        counts.read(held.outcome());
        long end = hitClock.end(begun);
        if (!hits.onHit(held.mark(), held.outcome(), held.sizeBytes(), hitClock.begun(begun, end), end)) {
            held.stir();
        }
        return held;
    }

    /** As {@link #calmHit}, for the first read of a copy and the first after each purge. */
    private @Nullable Mono<ReadResult> calmed(CacheKey key, Copy held, long start) {
        long now = clock.millis();
        long stamp = first.stamp();
        Copy copy = first.served(key, held, now);
        long calmMillis = copy == null ? 0 : copy.calmUntilMillis() - now - HitClock.MARGIN_MILLIS;
        if (copy == null || calmMillis <= 0) {
            return null;
        }
        long until = start + TimeUnit.MILLISECONDS.toNanos(calmMillis);
        copy.calm(key, stamp, until, observer.hitsOf(key, copy.result()));
        return calmHit(key, copy, start);
    }

    /**
     * As {@link #get(CacheKey, StaleReads)}, for a reader who knows of a version, as whoever has put it does: nothing older
     * is answered, also where the log has not told of it. What is newer is; a miss when there is neither.
     */
    public Mono<ReadResult> get(CacheKey key, StaleReads accepted, long minVersion) {
        long start = ticker.read();
        return foundNotBefore(key, minVersion)
                .map(found -> rules.settle(found.notBefore(minVersion), accepted))
                .doOnNext(result -> answered(key, result, start));
    }

    /** As {@link #get(CacheKey)}, for a reader who would make a value that is missing, stale or due. */
    public Mono<LeasedRead> getOrLease(CacheKey key) {
        return getOrLease(key, 0);
    }

    /** As {@link #getOrLease(CacheKey)}, for a reader who knows of a version: see {@link #get(CacheKey, StaleReads, long)}. */
    public Mono<LeasedRead> getOrLease(CacheKey key, long minVersion) {
        long start = ticker.read();
        return foundNotBefore(key, minVersion)
                .flatMap(found -> leases.leased(key, found, minVersion))
                .doOnNext(read -> answered(key, read.result(), start));
    }

    /**
     * As {@link #get(CacheKey)}; what is missing, stale or due is made by the loader, once for all nodes. What is stale
     * is answered at once while that goes on, or after an error or the soft patience, as its lifetime says. Fails with
     * {@link LoadFailedException} when there is nothing to answer. A miss without an entry: the origin has none.
     */
    public Mono<ReadResult> get(CacheKey key, Loader loader, LoadPatience patience) {
        long begun = hitClock.begin();
        Copy held = first.peek(key);
        Mono<ReadResult> hit = held == null ? null : calmHit(key, held, begun);
        if (hit != null) {
            return hit;
        }
        long start = hitClock.timed(begun);
        long token = first.announced().token(key);
        return found(key, first.find(key))
                .flatMap(found -> loads.fresh(key, found, token, loader, patience))
                .doOnNext(result -> answered(key, result, start));
    }

    /** Takes a value into the first level for those who will read it; as {@link #get(CacheKey)}, but counted as no read of anybody. */
    public Mono<ReadResult> fill(CacheKey key) {
        return Mono.defer(() -> found(key, first.find(key)))
                .map(found -> rules.settle(found, StaleReads.WHILE_REVALIDATING));
    }

    /** As {@link #fill(CacheKey)}; what is missing, stale or due is made as {@link #get(CacheKey, Loader, LoadPatience)} says. */
    public Mono<ReadResult> fill(CacheKey key, Loader loader, LoadPatience patience) {
        return Mono.defer(() -> {
            long token = first.guard().token(key);
            return found(key, first.find(key)).flatMap(found -> loads.fresh(key, found, token, loader, patience));
        });
    }

    /** As {@link #get(CacheKey)} for each, in their order; what this node does not have is asked for in one go. */
    public Mono<List<ReadResult>> getAll(List<CacheKey> keys) {
        return getAll(keys, StaleReads.WHILE_REVALIDATING);
    }

    /** As {@link #getAll(List)}, for a reader who may take more stale values than others. */
    public Mono<List<ReadResult>> getAll(List<CacheKey> keys, StaleReads accepted) {
        Levels.Together together = levels.together();
        List<Mono<ReadResult>> reads = new ArrayList<>(keys.size());
        keys.forEach(key -> reads.add(get(key, accepted, together::read)));
        return BatchResults.of(reads, together::send);
    }

    /** Gives back a lease of {@link #getOrLease}, for who could not make the value. Answers whether it was still held. */
    public Mono<Boolean> release(CacheKey key, long token) {
        return levels.release(key, token);
    }

    /**
     * Fails with {@link ConditionFailedException}, {@link QuotaExceededException} or {@link SecondLevelUnavailableException}. Runs to
     * its end even when the subscriber leaves.
     */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        if (ttl.toMillis() < 1) {
            return Mono.error(new IllegalArgumentException("ttl must be 1 ms to " + settings.maxTtl()));
        }
        return put(key, value, Lifetime.of(ttl), condition);
    }

    /** As {@link #put(CacheKey, CacheValue, Duration, Condition)}, for a value that may be served stale for a while. */
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return counts.puts.count(Mono.defer(() -> levels.put(key, value, lifetimes.given(key, lifetime), condition)));
    }

    /** For several puts, which are to reach the second level in one go. */
    public PutBatch putBatch() {
        return new PutBatch(levels.together(), lifetimes, counts.puts);
    }

    /**
     * Purges though the second level does not answer and cannot be told, by numbers of this node's own clock: whoever owns the log announces the
     * epochs, in their order. Fails with {@link TooManyPurgesException}, or {@link SecondLevelUnavailableException} when the
     * last call of the second level was answered.
     */
    public List<Epoch> renounce(Purge purge) {
        return levels.renounce(purge);
    }

    /** The same for what was stored under a key before, to be announced before {@link #putHere}. */
    public Epoch renounce(CacheKey key) {
        return renounce(Purge.of(key)).getFirst();
    }

    /**
     * Keeps a value on this node alone, until the second level answers again, after {@link #renounce}; then it goes, and what
     * the second level may have made meanwhile of the key goes first ({@link CacheObserver#onRemoved}). Fails with {@link
     * SecondLevelUnavailableException} when it answers already, or this node does not answer from its first level: then
     * nothing is kept.
     */
    public Mono<PutResult> putHere(CacheKey key, CacheValue value, Lifetime lifetime) {
        return Mono.defer(() -> levels.putHere(key, value, lifetimes.given(key, lifetime)));
    }

    /**
     * Fails with {@link ConditionFailedException} or {@link SecondLevelUnavailableException}. Runs to its end even when
     * the subscriber leaves.
     */
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return counts.deletes.count(levels.delete(key, condition));
    }

    /**
     * Entries under the scopes that were begun before are not served any more, or only as stale: at once on this node, on
     * others for what they read from the second level, and for their copies when they are told by {@link #purged}. The
     * time does not depend on how many there are. Fails with {@link TooManyPurgesException} or {@link
     * SecondLevelUnavailableException}. Runs to its end even when the subscriber leaves.
     */
    public Mono<List<Epoch>> purge(Purge purge) {
        return levels.purge(purge);
    }

    /** Told by the log of another node's purge. Repeated and reordered calls are harmless. */
    public void purged(Epoch epoch) {
        epochs.add(epoch);
    }

    /** Told by the log that an epoch was swept: nothing under it is left in the second level, nor kept here after this. */
    public void swept(Epoch epoch) {
        epochs.beginRetirement();
        first.dropPurged();
        epochs.remove(epoch);
    }

    /** Those that this node knows and that were not swept. */
    public List<Epoch> epochs() {
        return epochs.all();
    }

    /**
     * Told by the log: copies older than the version are stale. Repeated and reordered calls are harmless. {@code
     * Long.MAX_VALUE} drops any copy, for when nobody knows the version.
     */
    public void invalidate(CacheKey key, long version) {
        levels.invalidate(key, version);
    }

    /**
     * Told by the second level itself: the key was changed, by whom and how nobody says. Its copy goes; the value that this
     * node has just written comes back once the second level has confirmed it. Repeated calls are harmless.
     */
    public void doubt(CacheKey key) {
        levels.doubt(key);
    }

    /** Whatever the second level had to tell was not heard for a while: the first level starts empty. */
    public void doubtAll() {
        levels.doubtAll();
    }

    /** While the log lags, reads go to the second level. Without a second level this does nothing. */
    public void suspendFirstLevel() {
        levels.suspendFirstLevel();
    }

    /** The log has caught up. The first level starts empty: nobody knows what it missed. */
    public void resumeFirstLevel() {
        levels.resumeFirstLevel();
    }

    /** Takes nanoseconds to microseconds; asks nobody. */
    public CacheStatistics statistics() {
        return new CacheStatistics(
                since,
                counts.readsSoFar(),
                counts.puts.soFar(),
                counts.deletes.soFar(),
                counts.loads.soFar(),
                counts.leases.soFar(),
                counts.purged.sum(),
                counts.touched.sum(),
                first.use(),
                pressure.soFar(),
                secondLevelState.get());
    }

    /**
     * Begins to hold the copies on this node against the second level, until it is closed. One for each meter registry.
     * Without a second level it finds nothing.
     */
    public CopyAuditor audit(AuditSettings audit, MeterRegistry registry, AuditObserver auditObserver) {
        return new CopyAuditor(first, levels, clock, scheduler, audit, auditObserver, new AuditMeters(registry));
    }

    /** Forgets the first level and its meters. The second level belongs to whoever made it. */
    @Override
    public void close() {
        onClose.forEach(Runnable::run);
        first.clear();
        meters.close();
    }

    private void answered(CacheKey key, ReadResult result, long start) {
        counts.read(result.outcome());
        observer.onRead(key, result, ticker.read() - start);
    }

    /** As {@link #found}, but of what this node holds nothing older; the second level has nothing newer. */
    private Mono<ReadResult> foundNotBefore(CacheKey key, long version) {
        Copy copy = first.find(key);
        return version == 0 || (copy != null && copy.version() >= version) ? found(key, copy) : levels.readAnew(key);
    }

    private Mono<ReadResult> found(CacheKey key, @Nullable Copy copy) {
        return found(key, copy, elsewhere);
    }

    /** The entry as it is, stale or not; the rules decide. */
    private Mono<ReadResult> found(
            CacheKey key, @Nullable Copy copy, Function<CacheKey, Mono<ReadResult>> withoutCopy) {
        if (copy == null) {
            return withoutCopy.apply(key);
        }
        touches.read(key, copy);
        return Mono.just(ReadResult.of(ReadOutcome.L1_HIT, copy.entry()));
    }
}
