package dev.sluice.platform.kafka.test;

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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A table in memory that takes every write at once, unless it is told otherwise. Thread-safe.
 *
 * @param <V> what it holds
 */
public class FakeLogTable<V> implements LogTable<V> {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<DomainEvent> _ = RecordDecoder.of(DomainEvent.class);
    }

    private final Map<String, Versioned<V>> entries = new ConcurrentSkipListMap<>();
    private final List<LogTableListener<V>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Runnable> inBetween = new ConcurrentHashMap<>();
    private final AtomicLong versions = new AtomicLong();
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private volatile boolean silent;
    private int failures;

    /** One that was read to its end. */
    public FakeLogTable() {
        load();
    }

    /** One that is ready after {@link #load}, unless it was read already. */
    protected FakeLogTable(boolean alreadyRead) {
        if (alreadyRead) {
            load();
        }
    }

    /** One that is not ready before {@link #load}. */
    public static <V> FakeLogTable<V> unread() {
        return new FakeLogTable<>(false);
    }

    /** What was on the log at start has been read. */
    @SuppressWarnings("NullAway") // Nothing is what there is.
    public final void load() {
        read.complete(null);
    }

    /** The next writes are refused, as many as that. */
    public synchronized void failNextWrites(int count) {
        failures = count;
    }

    /** No write is confirmed from now on, nor made. */
    public void becomeSilent() {
        silent = true;
    }

    public void answerAgain() {
        silent = false;
    }

    /** What somebody else does between the look at the version of a key and the next write at it. */
    public void beforeTheWrite(String key, Runnable other) {
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
        return read.isDone();
    }

    @Override
    public CompletableFuture<Void> whenReady() {
        return read;
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
    public synchronized CompletableFuture<Versioned<V>> put(String key, V value) {
        return attempt(() -> write(key, value));
    }

    @Override
    public synchronized CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion) {
        return attempt(() -> at(key, expectedVersion, () -> write(key, value)));
    }

    @Override
    public synchronized CompletableFuture<Void> remove(String key) {
        return attempt(() -> erase(key));
    }

    @Override
    public synchronized CompletableFuture<Void> remove(String key, long expectedVersion) {
        return attempt(() -> at(key, expectedVersion, () -> erase(key)));
    }

    private <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> write) {
        if (silent) {
            return new CompletableFuture<>();
        }
        if (failures > 0) {
            failures--;
            return CompletableFuture.failedFuture(new IllegalStateException("not now"));
        }
        return write.get();
    }

    private <T> CompletableFuture<T> at(String key, long expected, Supplier<CompletableFuture<T>> write) {
        Runnable other = inBetween.remove(key);
        if (other != null) {
            other.run();
        }
        long actual = findVersioned(key).map(Versioned::version).orElse(ABSENT);
        return actual == expected
                ? write.get()
                : CompletableFuture.failedFuture(new VersionConflictException(key, expected, actual));
    }

    private CompletableFuture<Versioned<V>> write(String key, V value) {
        Versioned<V> entry = new Versioned<>(key, value, versions.getAndIncrement());
        Versioned<V> before = entries.put(key, entry);
        listeners.forEach(listener -> listener.onChange(key, before == null ? null : before.value(), value));
        return CompletableFuture.completedFuture(entry);
    }

    @SuppressWarnings("NullAway") // Nothing is what there is.
    private CompletableFuture<Void> erase(String key) {
        Versioned<V> before = entries.remove(key);
        if (before != null) {
            listeners.forEach(listener -> listener.onChange(key, before.value(), null));
        }
        return CompletableFuture.completedFuture(null);
    }
}
