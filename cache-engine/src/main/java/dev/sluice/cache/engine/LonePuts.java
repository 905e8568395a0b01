package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Values that a node keeps by itself while the second level does not answer. What that holds under the key is renounced
 * first, by an epoch that this node issues from its own clock: when the second level is back, the older value is gone for
 * all who have heard of it. A change that had no answer may be made after that epoch, even after the value that is kept here; so
 * the entry of such a key is removed once the second level answers, before this node asks it anything else about the
 * key, and the value that was kept goes with it. So nothing that was written meanwhile is found later, and nothing older is
 * either. Nodes and the second level have to agree on the time to as much as lies between two writes.
 */
final class LonePuts implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LonePuts.class);

    /** What Reactor takes for no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    /** Who asks for something else meanwhile should not have to wait for all of them. */
    private static final int REMOVALS_AT_ONCE = 32;

    private final FirstLevel first;
    private final GuardedSecondLevel second;
    private final Epochs epochs;
    private final SingleLevel alone;
    private final CacheObserver observer;
    private final Scheduler scheduler;
    private final Duration pause;
    private final ConcurrentHashMap<CacheKey, Removal> kept = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;

    /** The observer is told of removals; every pause it is looked whether they can be made. */
    LonePuts(
            FirstLevel first,
            GuardedSecondLevel second,
            Epochs epochs,
            InstantSource clock,
            TwoLevelCacheBuilder builder) {
        this.first = first;
        this.second = second;
        this.epochs = epochs;
        this.alone = new SingleLevel(first, epochs, clock);
        this.observer = builder.observer();
        this.scheduler = builder.scheduler();
        this.pause = builder.settings().breakerPause();
        second.onRecovery(this::removeAll);
    }

    /** Ends the removals. */
    @Override
    public void close() {
        closed = true;
    }

    /**
     * Fails with {@link SecondLevelUnavailableException} when the second level answers, and with {@link
     * TooManyPurgesException} when the tenant would have more than that would take.
     */
    List<Epoch> renounce(Purge purge) {
        if (!second.isFailing()) {
            throw SecondLevelUnavailableException.notAsked();
        }
        long there = epochs.all().stream()
                .filter(epoch -> epoch.tenant().equals(purge.tenant()))
                .count();
        if (there + purge.scopes().size() > Epochs.MAX_PER_TENANT) {
            throw new TooManyPurgesException();
        }
        long newest = purge.scopes().stream()
                .filter(scope -> scope.kind() == PurgeScope.Kind.KEY)
                .map(scope -> first.find(new CacheKey(purge.tenant(), purge.namespace(), scope.name())))
                .mapToLong(copy -> copy == null ? 0 : copy.version())
                .max()
                .orElse(0);
        List<Epoch> issued = purge.epochs(alone.versionAbove(newest));
        epochs.addAll(purge.tenant(), issued, 0);
        return issued;
    }

    Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime) {
        return Mono.fromRunnable(() -> kept.put(key, new Removal(key)))
                .then(alone.put(key, value, lifetime, Condition.any()))
                .doOnNext(ignored -> lookLater())
                .flatMap(result -> isKept(key) ? Mono.just(result) : refused(key));
    }

    /** Looked at when the copy is there: once the second level answers, it was or will be dropped. */
    private boolean isKept(CacheKey key) {
        return second.isFailing() && first.find(key) != null;
    }

    private Mono<PutResult> refused(CacheKey key) {
        first.forget(key);
        return Mono.error(SecondLevelUnavailableException.notAsked());
    }

    /** What comes after the removal of what the second level may have made of the key meanwhile; at once where nothing was kept. */
    <T> Mono<T> after(CacheKey key, Mono<T> next) {
        return Mono.defer(() -> {
            Removal removal = kept.isEmpty() ? null : kept.get(key);
            return removal == null ? next : removal.done.then(next);
        });
    }

    private void removeAll() {
        removals().subscribe();
    }

    private Flux<Void> removals() {
        return Flux.fromIterable(kept.values())
                .flatMap(
                        removal -> removal.done.onErrorResume(error -> {
                            log.debug("what was kept by this node alone is not removed yet", error);
                            return Mono.empty();
                        }),
                        REMOVALS_AT_ONCE);
    }

    /** Also when nobody asks the second level for anything. */
    private void lookLater() {
        if (!closed && looking.compareAndSet(false, true)) {
            Disposable _ = scheduler.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        removals()
                .doFinally(ignored -> {
                    looking.set(false);
                    if (!kept.isEmpty()) {
                        lookLater();
                    }
                })
                .subscribe();
    }

    /** Of one key, for all who wait for it; tried again by who asks after it has failed. */
    private final class Removal {

        final Mono<Void> done;

        Removal(CacheKey key) {
            done = Mono.defer(() -> second.delete(key, Condition.any()))
                    .doOnNext(deleted -> made(key, deleted))
                    .then()
                    .cache(ignored -> FOREVER, ignored -> Duration.ZERO, () -> FOREVER);
        }

        private void made(CacheKey key, DeleteResult deleted) {
            first.forget(key);
            kept.remove(key, this);
            observer.onRemoved(key, deleted);
        }
    }
}
