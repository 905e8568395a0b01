package dev.sluice.starter.cache;

import dev.sluice.cache.coherence.UnannouncedWriteException;
import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.ConditionFailedException;
import dev.sluice.cache.engine.Lease;
import dev.sluice.cache.engine.LeasedRead;
import dev.sluice.cache.engine.LoadFailedException;
import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.cache.engine.Loader;
import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.starter.cache.Debts.Debt;
import dev.sluice.starter.cache.Origin.OriginException;
import dev.sluice.starter.codec.CodecException;
import dev.sluice.starter.node.CacheStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What one cache does, without waiting. None of its futures fails: the application goes on without its cache. */
final class CacheOperations {

    /** How often a value that nobody here can read is put out of the way before a caller makes its own. */
    private static final int TRIES = 2;

    private final CacheStore store;
    private final CacheRules rules;
    private final StoredForm form;
    private final CacheTally tally;
    private final Debts debts = new Debts();
    private final Complaints complaints;

    CacheOperations(CacheStore store, CacheRules rules, StoredForm form, CacheTally tally, Complaints complaints) {
        this.store = store;
        this.rules = rules;
        this.form = form;
        this.tally = tally;
        this.complaints = complaints;
    }

    Debts debts() {
        return debts;
    }

    CompletableFuture<Found> find(CacheKey key) {
        return looked(key).thenApply(found -> {
            tally.read(found);
            return found;
        });
    }

    private CompletableFuture<Found> looked(CacheKey key) {
        if (debts.cover(key)) {
            return CompletableFuture.completedFuture(Found.NOTHING);
        }
        return started(() ->
                        rules.answersStale() ? store.getOrLease(key).map(CacheOperations::unlessMine) : store.get(key))
                .handle((result, failure) -> failure == null ? form.found(result) : unread(failure));
    }

    /** Who has the lease is to make the value, though there may be something to answer. */
    private static ReadResult unlessMine(LeasedRead read) {
        boolean mine = read.lease().filter(Lease.Granted.class::isInstance).isPresent();
        return mine ? new ReadResult(ReadOutcome.MISS, Optional.empty()) : read.result();
    }

    private Found unread(Throwable failure) {
        complaints.about("a read failed", failure);
        return Found.NOTHING;
    }

    /** Reads, and makes the value at its origin where there is none: one caller does, on one node. */
    CompletableFuture<Answer> load(CacheKey key, Origin origin) {
        return load(key, origin, TRIES);
    }

    private CompletableFuture<Answer> load(CacheKey key, Origin origin, int tries) {
        if (tries == 0 || debts.cover(key)) {
            tally.misses.increment();
            return CompletableFuture.completedFuture(new Answer.None());
        }
        Loader loader = (ignored, stale) -> Mono.fromFuture(() -> origin.make(stale.isPresent()), true)
                .map(made -> new Loaded(form.encode(made.value()), rules.lifetime()));
        Duration soft = min(rules.loadPatience(), LoadPatience.defaults().soft());
        return ended(started(() -> store.get(key, loader, new LoadPatience(soft, rules.loadPatience()))))
                .thenCompose(read -> read.result() == null
                        ? CompletableFuture.completedFuture(unmade(read.failure()))
                        : read(key, read.result(), origin, tries));
    }

    private CompletableFuture<Answer> read(CacheKey key, ReadResult result, Origin origin, int tries) {
        Found found = form.found(result);
        if (found.hit()) {
            (result.outcome() == ReadOutcome.MISS ? tally.misses : tally.hits).increment();
            return CompletableFuture.completedFuture(new Answer.Value(found.value()));
        }
        long version = result.entry().map(CacheEntry::version).orElse(0L);
        return version == 0
                ? load(key, origin, 0)
                : ended(started(() -> store.delete(key, Condition.version(version))))
                        .thenCompose(deleted -> load(key, origin, tries - 1));
    }

    private Answer unmade(@Nullable Throwable failure) {
        tally.misses.increment();
        Throwable cause = failure;
        while (cause instanceof LoadFailedException || cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        if (cause instanceof OriginException origin) {
            return new Answer.Failed(origin.thrown());
        }
        if (cause instanceof CodecException refused) {
            refused(refused);
        }
        return new Answer.None();
    }

    CompletableFuture<Void> put(CacheKey key, @Nullable Object value) {
        CacheValue bytes;
        try {
            bytes = form.encode(value);
        } catch (CodecException e) {
            refused(e);
            // What was there before is not what the application has now.
            return evict(key).thenAccept(existed -> {});
        }
        Debt debt = debts.of(key);
        return started(() -> store.put(key, bytes, rules.lifetime(), Condition.any()))
                .handle((result, failure) -> isMade(failure))
                .thenCompose(made -> {
                    if (made) {
                        debts.paid(key, debt);
                        tally.puts.increment();
                        return CompletableFuture.completedFuture(null);
                    }
                    debts.overdue(debts.owe(key));
                    return told(Purge.of(key)).thenApply(done -> null);
                });
    }

    /** What is there, or nothing, which also says that the value was put; or that Redis is away. */
    CompletableFuture<Found> putIfAbsent(CacheKey key, @Nullable Object value) {
        if (debts.cover(key)) {
            return put(key, value).thenApply(done -> Found.NOTHING);
        }
        try {
            return putIfAbsent(key, form.encode(value), TRIES);
        } catch (CodecException e) {
            refused(e);
            return looked(key);
        }
    }

    private CompletableFuture<Found> putIfAbsent(CacheKey key, CacheValue bytes, int tries) {
        return ended(started(() -> store.put(key, bytes, rules.lifetime(), Condition.absent())))
                .thenCompose(put -> {
                    if (put.failure() instanceof ConditionFailedException present && tries > 0) {
                        return present(key, bytes, present, tries);
                    }
                    if (isMade(put.failure())) {
                        tally.puts.increment();
                    }
                    return CompletableFuture.completedFuture(Found.NOTHING);
                });
    }

    private CompletableFuture<Found> present(
            CacheKey key, CacheValue bytes, ConditionFailedException present, int tries) {
        return looked(key).thenCompose(found -> {
            if (found.hit()) {
                return CompletableFuture.completedFuture(found);
            }
            long version = present.currentVersion().orElse(0);
            // Gone meanwhile, or nothing that anybody here can read.
            return version == 0
                    ? putIfAbsent(key, bytes, tries - 1)
                    : ended(started(() -> store.delete(key, Condition.version(version))))
                            .thenCompose(deleted -> putIfAbsent(key, bytes, tries - 1));
        });
    }

    /** Whether there was something, as far as that is known. */
    CompletableFuture<Boolean> evict(CacheKey key) {
        return evict(key, debts.owe(key))
                .thenCompose(removed -> toldOthers(removed, Purge.of(key)))
                .thenApply(removed -> removed == Removal.OF_SOMETHING);
    }

    /** What is owed by this process alone would be lost with it, and is answered by others until it is paid. */
    private CompletableFuture<Removal> toldOthers(Removal removed, Purge owed) {
        return removed == Removal.NOT_MADE
                ? told(owed).thenApply(done -> removed)
                : CompletableFuture.completedFuture(removed);
    }

    private CompletableFuture<?> told(Purge owed) {
        return ended(started(() -> store.renounce(owed).thenReturn(owed)));
    }

    private CompletableFuture<Removal> evict(CacheKey key, Debt debt) {
        return started(() -> store.delete(key, Condition.any())).handle((deleted, failure) -> {
            if (!isMade(failure)) {
                debts.overdue(debt);
                return Removal.NOT_MADE;
            }
            debts.paid(key, debt);
            tally.evictions.increment();
            return deleted != null && deleted.existed() ? Removal.OF_SOMETHING : Removal.MADE;
        });
    }

    /** All of the cache, in a time that does not depend on how much that is. */
    CompletableFuture<Void> clear() {
        return clear(debts.oweEverything())
                .thenCompose(removed -> toldOthers(removed, everything()))
                .thenAccept(removed -> {});
    }

    private Purge everything() {
        return new Purge(rules.tenant(), rules.namespace(), List.of(PurgeScope.wholeNamespace()), false);
    }

    private CompletableFuture<Removal> clear(Debt debt) {
        return started(() -> store.purge(everything())).handle((number, failure) -> {
            if (!isMade(failure)) {
                debts.overdue(debt);
                return Removal.NOT_MADE;
            }
            debts.everythingPaid(debt);
            tally.evictions.increment();
            return Removal.MADE;
        });
    }

    /** Tries again what is owed, until something fails. */
    Mono<Void> payDebts() {
        return Mono.defer(() -> {
            Debt everything = debts.overdueEverything();
            if (everything != null) {
                return Mono.fromFuture(() -> clear(everything), true).then();
            }
            return Flux.fromIterable(debts.overdueKeys())
                    .concatMap(owed -> Mono.fromFuture(() -> pay(owed), true))
                    .takeWhile(removal -> removal != Removal.NOT_MADE)
                    .then();
        });
    }

    private CompletableFuture<Removal> pay(Map.Entry<CacheKey, Debt> owed) {
        return evict(owed.getKey(), owed.getValue());
    }

    /** A change that was not announced in time is made: it is announced again until the log has it. */
    private boolean isMade(@Nullable Throwable failure) {
        if (failure == null) {
            complaints.over();
            return true;
        }
        boolean made = failure instanceof UnannouncedWriteException;
        (made ? tally.unannounced : tally.failed).increment();
        complaints.about(made ? "a change is announced late" : "a change was not made", failure);
        return made;
    }

    private void refused(CodecException reason) {
        tally.refused.increment();
        complaints.once(reason);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Begins at once; what it throws instead of answering is a failure, too. */
    private static <T> CompletableFuture<T> started(Supplier<Mono<T>> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Disposable _ = Mono.defer(call)
                .subscribe(
                        answer::complete,
                        answer::completeExceptionally,
                        () -> answer.completeExceptionally(new IllegalStateException("there was no answer")));
        return answer;
    }

    /** One of the two is there. */
    private record Ended<T>(@Nullable T result, @Nullable Throwable failure) {}

    private static <T> CompletableFuture<Ended<T>> ended(CompletableFuture<T> call) {
        return call.handle((result, failure) -> new Ended<>(result, failure));
    }

    private enum Removal {
        NOT_MADE,
        MADE,
        OF_SOMETHING
    }
}
