package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Stamp;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Measures whether the copies on this node are what the second level has: goes through them again and again, a few each
 * second, and compares versions. What differs may be a change on its way, so it is looked at again after the time that a
 * change may take; what is served even then is wrong, and is removed and reported. Nothing is queued: while too many are
 * waiting to be looked at again, no more are looked at.
 */
public final class CopyAuditor implements AutoCloseable {

    /** Waiting for an answer or to be looked at again. */
    private static final int MAX_UNDER_WAY = 1024;

    private final FirstLevel first;
    private final Levels levels;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Duration propagation;
    private final AuditObserver observer;
    private final AuditMeters meters;
    private final AuditWindow window = new AuditWindow();
    private final Disposable rounds;
    private Iterator<CacheKey> round = Collections.emptyIterator();

    CopyAuditor(
            FirstLevel first,
            Levels levels,
            InstantSource clock,
            Scheduler scheduler,
            AuditSettings settings,
            AuditObserver observer,
            AuditMeters meters) {
        this.first = first;
        this.levels = levels;
        this.clock = clock;
        this.scheduler = scheduler;
        this.propagation = settings.propagation();
        this.observer = observer;
        this.meters = meters;
        meters.watch(() -> window.lastHour(clock.millis()));
        rounds = rounds(settings.perSecond());
    }

    private Disposable rounds(int perSecond) {
        if (perSecond == 0) {
            return () -> {};
        }
        return Flux.interval(Duration.ofSeconds(1).dividedBy(perSecond), scheduler)
                .onBackpressureDrop()
                .flatMap(ignored -> audit(next()), MAX_UNDER_WAY)
                .subscribe();
    }

    @Override
    public void close() {
        rounds.dispose();
        meters.close();
    }

    /** In one round each copy once; null when there is none. Ticks come one after the other. */
    private @Nullable CacheKey next() {
        if (!round.hasNext()) {
            round = first.keys();
        }
        return round.hasNext() ? round.next() : null;
    }

    private Mono<AuditFinding> audit(@Nullable CacheKey key) {
        Copy copy = key == null ? null : first.find(key);
        if (key == null || copy == null) {
            return Mono.empty();
        }
        long version = copy.version();
        return stamp(key)
                .map(stamp -> finding(stamp, version))
                .flatMap(seen -> seen == AuditFinding.CONSISTENT
                        ? Mono.just(seen)
                        : Mono.delay(propagation, scheduler).then(again(key, version)))
                .onErrorReturn(AuditFinding.UNANSWERED)
                .doOnNext(this::count);
    }

    /** A change that was under way has arrived by now, or the copy is wrong. */
    private Mono<AuditFinding> again(CacheKey key, long version) {
        return Mono.defer(() -> served(key, version) == null ? Mono.<Optional<Stamp>>empty() : stamp(key))
                .map(stamp -> judge(key, version, stamp))
                .defaultIfEmpty(AuditFinding.SETTLED);
    }

    private AuditFinding judge(CacheKey key, long version, Optional<Stamp> stamp) {
        AuditFinding finding = finding(stamp, version);
        Copy copy = served(key, version);
        if (finding == AuditFinding.CONSISTENT || copy == null) {
            return AuditFinding.SETTLED;
        }
        remove(key, copy.entry(), finding, stamp);
        return finding;
    }

    /** Null when that version is not what a reader would get. */
    private @Nullable Copy served(CacheKey key, long version) {
        Copy copy = first.find(key);
        return copy != null && copy.version() == version ? copy : null;
    }

    private Mono<Optional<Stamp>> stamp(CacheKey key) {
        return levels.stamp(key).map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    private static AuditFinding finding(Optional<Stamp> stamp, long version) {
        if (stamp.isEmpty() || stamp.get().version() < version) {
            return AuditFinding.ORPHANED;
        }
        return stamp.get().live() && stamp.get().version() == version ? AuditFinding.CONSISTENT : AuditFinding.STALE;
    }

    private void remove(CacheKey key, CacheEntry entry, AuditFinding finding, Optional<Stamp> stamp) {
        first.forget(key);
        Duration wrongFor = finding == AuditFinding.STALE
                ? stamp.map(newer -> staleFor(entry, newer)).orElse(propagation)
                : propagation;
        meters.wrongFor(wrongFor);
        observer.onWrong(key, finding, entry.version(), wrongFor);
    }

    /** Versions are about times, so the time between the two is of the second level, and no clocks are compared. */
    private Duration staleFor(CacheEntry entry, Stamp newer) {
        Duration served = entry.age(clock.instant());
        Duration right = Duration.of(newer.version() - entry.version(), ChronoUnit.MICROS);
        Duration stale = served.minus(right);
        return stale.compareTo(propagation) < 0 ? propagation : stale;
    }

    private void count(AuditFinding finding) {
        meters.count(finding);
        if (finding.isKnown()) {
            window.add(clock.millis(), finding.isWrong());
        }
    }
}
