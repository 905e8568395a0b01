package dev.sluice.gateway.table;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.DomainEvent;
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

/** A table in memory that is ready when told so, and fails to write when told so. */
public class FakeLogTable<V> implements LogTable<V> {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<DomainEvent> _ = RecordDecoder.of(DomainEvent.class);
    }

    private final Map<String, Versioned<V>> entries = new ConcurrentHashMap<>();
    private final List<LogTableListener<V>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong versions = new AtomicLong();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile int failures;

    public void load() {
        ready.complete(null);
    }

    public void failNextWrites(int count) {
        failures = count;
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
        return ready.isDone();
    }

    @Override
    public CompletableFuture<Void> whenReady() {
        return ready;
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
        return put(key, value, versionOf(key));
    }

    @Override
    public synchronized CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion) {
        if (failures > 0) {
            failures--;
            return CompletableFuture.failedFuture(new IllegalStateException("not now"));
        }
        if (versionOf(key) != expectedVersion) {
            return CompletableFuture.failedFuture(new VersionConflictException(key, expectedVersion, versionOf(key)));
        }
        Versioned<V> entry = new Versioned<>(key, value, versions.getAndIncrement());
        Versioned<V> before = entries.put(key, entry);
        listeners.forEach(listener -> listener.onChange(key, before == null ? null : before.value(), value));
        return CompletableFuture.completedFuture(entry);
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return remove(key, versionOf(key));
    }

    @Override
    public synchronized CompletableFuture<Void> remove(String key, long expectedVersion) {
        Versioned<V> before = entries.remove(key);
        if (before != null) {
            listeners.forEach(listener -> listener.onChange(key, before.value(), null));
        }
        return CompletableFuture.completedFuture(null);
    }

    private long versionOf(String key) {
        return findVersioned(key).map(Versioned::version).orElse(ABSENT);
    }
}
