package dev.sluice.cache.http;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
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

/** The table of purges in memory; it can be told to confirm nothing. */
final class FakeEpochLog implements LogTable<CacheEpoch> {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<CacheEpoch> _ = RecordDecoder.of(CacheEpoch.class);
    }

    private final Map<String, Versioned<CacheEpoch>> entries = new ConcurrentHashMap<>();
    private final List<LogTableListener<CacheEpoch>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong offsets = new AtomicLong();
    private volatile boolean silent;

    void becomeSilent() {
        silent = true;
    }

    void answerAgain() {
        silent = false;
    }

    @Override
    public Optional<CacheEpoch> find(String key) {
        return findVersioned(key).map(Versioned::value);
    }

    @Override
    public Optional<Versioned<CacheEpoch>> findVersioned(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Collection<Versioned<CacheEpoch>> entries() {
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
    public void onChange(LogTableListener<CacheEpoch> listener) {
        listeners.add(listener);
    }

    @Override
    public CompletableFuture<Versioned<CacheEpoch>> put(String key, CacheEpoch value) {
        return put(key, value, ABSENT);
    }

    @Override
    public CompletableFuture<Versioned<CacheEpoch>> put(String key, CacheEpoch value, long expectedVersion) {
        if (silent) {
            return new CompletableFuture<>();
        }
        Versioned<CacheEpoch> entry = new Versioned<>(key, value, offsets.getAndIncrement());
        Versioned<CacheEpoch> before = entries.put(key, entry);
        listeners.forEach(listener -> listener.onChange(key, before == null ? null : before.value(), value));
        return CompletableFuture.completedFuture(entry);
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return remove(key, ABSENT);
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        entries.remove(key);
        return CompletableFuture.completedFuture(null);
    }
}
