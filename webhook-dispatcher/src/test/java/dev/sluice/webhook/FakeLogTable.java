package dev.sluice.webhook;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A table in memory that takes every write at once. */
public final class FakeLogTable<V> implements LogTable<V> {

    private final Map<String, Versioned<V>> entries = new TreeMap<>();
    private long version;

    @Override
    public Optional<V> find(String key) {
        return findVersioned(key).map(Versioned::value);
    }

    @Override
    public Optional<Versioned<V>> findVersioned(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Collection<Versioned<V>> entries() {
        return List.copyOf(entries.values());
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public CompletableFuture<Void> whenReady() {
        return done();
    }

    @Override
    public Duration staleness() {
        return Duration.ZERO;
    }

    @Override
    public void onChange(LogTableListener<V> listener) {}

    @Override
    public CompletableFuture<Versioned<V>> put(String key, V value) {
        Versioned<V> stored = new Versioned<>(key, value, version++);
        entries.put(key, stored);
        return CompletableFuture.completedFuture(stored);
    }

    @Override
    public CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion) {
        return at(key, expectedVersion, () -> put(key, value));
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        entries.remove(key);
        return done();
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        return at(key, expectedVersion, () -> remove(key));
    }

    private <T> CompletableFuture<T> at(String key, long expected, Supplier<CompletableFuture<T>> write) {
        Versioned<V> current = entries.get(key);
        long actual = current == null ? ABSENT : current.version();
        return actual == expected
                ? write.get()
                : CompletableFuture.failedFuture(new VersionConflictException(key, expected, actual));
    }

    @SuppressWarnings("NullAway") // Nothing is what there is.
    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
