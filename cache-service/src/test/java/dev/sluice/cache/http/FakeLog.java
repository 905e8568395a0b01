package dev.sluice.cache.http;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.CacheEpoch;
import dev.sluice.schemas.RecordDecoder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A table in memory; it can be told to confirm nothing. */
final class FakeLog<V> implements LogTable<V> {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<CacheEpoch> _ = RecordDecoder.of(CacheEpoch.class);
    }

    private final Map<String, Versioned<V>> entries = new ConcurrentHashMap<>();
    private final List<LogTableListener<V>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong offsets = new AtomicLong();
    private final Map<String, Runnable> inBetween = new ConcurrentHashMap<>();
    private volatile boolean silent;

    void becomeSilent() {
        silent = true;
    }

    void answerAgain() {
        silent = false;
    }

    /** What somebody else does between the look at the version of a key and the next write at it. */
    void beforeTheWrite(String key, Runnable other) {
        inBetween.put(key, other);
    }

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
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Duration staleness() {
        return Duration.ZERO;
    }

    @Override
    public void onChange(LogTableListener<V> listener) {
        listeners.add(listener);
        entries.values().forEach(entry -> listener.onChange(entry.key(), null, entry.value()));
    }

    @Override
    public CompletableFuture<Versioned<V>> put(String key, V value) {
        return silent ? new CompletableFuture<>() : write(key, value);
    }

    @Override
    public synchronized CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion) {
        if (silent) {
            return new CompletableFuture<>();
        }
        Runnable other = inBetween.remove(key);
        if (other != null) {
            other.run();
        }
        long version = findVersioned(key).map(Versioned::version).orElse(ABSENT);
        return version == expectedVersion
                ? write(key, value)
                : CompletableFuture.failedFuture(new VersionConflictException(key, expectedVersion, version));
    }

    private synchronized CompletableFuture<Versioned<V>> write(String key, V value) {
        Versioned<V> entry = new Versioned<>(key, value, offsets.getAndIncrement());
        Versioned<V> before = entries.put(key, entry);
        listeners.forEach(listener -> listener.onChange(key, before == null ? null : before.value(), value));
        return CompletableFuture.completedFuture(entry);
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return remove(key, ABSENT);
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        Versioned<V> before = entries.remove(key);
        if (before != null) {
            listeners.forEach(listener -> listener.onChange(key, before.value(), null));
        }
        return CompletableFuture.completedFuture(null);
    }
}
