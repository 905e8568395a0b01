package dev.sluice.starter.cache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.starter.codec.ValueCodec;
import dev.sluice.starter.key.CacheKeyText;
import dev.sluice.starter.node.CacheStore;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A cache of Spring's abstraction that is one namespace of the two-level cache. No failure of Redis, Kafka or a codec
 * reaches its callers: they miss, and make the value. Removals that could not be made are owed, and hidden here until
 * they are.
 */
public final class SluiceCache implements Cache {

    private final String name;
    private final CacheStore store;
    private final CacheRules rules;
    private final CacheKeyText keys;
    private final CacheOperations operations;
    private final CacheTally tally = new CacheTally();
    private final Executor elsewhere = task -> {
        var _ = Schedulers.boundedElastic().schedule(task);
    };

    SluiceCache(String name, CacheStore store, CacheRules rules, CacheKeyText keys, ValueCodec codec) {
        this.name = name;
        this.store = store;
        this.rules = rules;
        this.keys = keys;
        Complaints complaints = new Complaints(name);
        StoredForm form = new StoredForm(codec, rules, tally, complaints);
        this.operations = new CacheOperations(store, rules, form, tally, complaints);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object getNativeCache() {
        return store;
    }

    CacheTally tally() {
        return tally;
    }

    /** How many removals were asked for and are not made yet. */
    int owed() {
        return operations.debts().size();
    }

    Mono<Void> payDebts() {
        return operations.payDebts();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return await(operations.find(keyOf(key))).wrapped();
    }

    @Override
    @SuppressWarnings("unchecked") // Checked by the type, where there is one; without one the caller knows.
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        Object value = await(operations.find(keyOf(key))).value();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException(
                    "cache " + name + " has a " + value.getClass().getName() + " there and not a " + type.getName());
        }
        return (T) value;
    }

    /** One caller of all nodes makes the value, on its own thread; the others wait for it. */
    @Override
    @SuppressWarnings("unchecked") // As the caller's loader would give it.
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        requireBlocking();
        CallerLoad load = new CallerLoad(valueLoader, elsewhere);
        Answer answer = load.await(operations.load(keyOf(key), load));
        return switch (answer) {
            case Answer.Value(Object value) -> (T) value;
            case Answer.Failed(Throwable cause) -> throw new ValueRetrievalException(key, valueLoader, cause);
            case Answer.None() -> called(key, valueLoader);
        };
    }

    private static <T> @Nullable T called(Object key, Callable<T> valueLoader) {
        try {
            return valueLoader.call();
        } catch (Exception e) {
            throw new ValueRetrievalException(key, valueLoader, e);
        }
    }

    @Override
    public @Nullable CompletableFuture<?> retrieve(Object key) {
        CompletableFuture<Found> found = operations.find(keyOf(key));
        if (found.isDone() && !found.join().hit()) {
            return null;
        }
        return found.thenApply(Found::wrapped);
    }

    /** The loader is called on a thread that may block. */
    @Override
    @SuppressWarnings("unchecked") // As the caller's loader would give it.
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        FutureLoad load = new FutureLoad(valueLoader, elsewhere);
        return operations.load(keyOf(key), load).thenApply(load::own).thenCompose(answer -> switch (answer) {
            case Answer.Value(Object value) -> CompletableFuture.completedFuture((T) value);
            case Answer.Failed(Throwable cause) -> CompletableFuture.<T>failedFuture(cause);
            case Answer.None() -> valueLoader.get();
        });
    }

    /** Returns when it is made and announced, or after the write patience, or at once where threads must not wait. */
    @Override
    public void put(Object key, @Nullable Object value) {
        finish(operations.put(keyOf(key), value));
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        return await(operations.putIfAbsent(keyOf(key), value)).wrapped();
    }

    /** As {@link #put}; nothing is read here of what is to go, even before it is gone. */
    @Override
    public void evict(Object key) {
        finish(operations.evict(keyOf(key)));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return await(operations.evict(keyOf(key)));
    }

    /** As {@link #evict}, by one number for all entries. */
    @Override
    public void clear() {
        finish(operations.clear());
    }

    /** As {@link #clear}; nobody counts what there was. */
    @Override
    public boolean invalidate() {
        Void _ = await(operations.clear());
        return false;
    }

    private CacheKey keyOf(Object key) {
        return rules.key(keys.textOf(key));
    }

    private void finish(CompletableFuture<?> change) {
        if (change.isDone() || Schedulers.isInNonBlockingThread()) {
            return;
        }
        try {
            Object _ = change.get(rules.writePatience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // It goes on, and counts and complains by itself.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change of cache " + name + " ended as none should", e);
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        if (!answer.isDone()) {
            requireBlocking();
        }
        return answer.join();
    }

    private static void requireBlocking() {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "this thread must not wait for a cache: let the cached method return a Mono, a"
                            + " Flux or a CompletableFuture, or call it on a thread that may block");
        }
    }
}
