package dev.sluice.metrics.alert;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Alert;
import dev.sluice.schemas.RecordDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The table of alerts in memory, with all that was ever written. */
final class FakeAlerts implements LogTable<Alert> {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<Alert> _ = RecordDecoder.of(Alert.class);
    }

    final List<Alert> written = new ArrayList<>();
    private final TreeMap<String, Versioned<Alert>> entries = new TreeMap<>();
    private final @Nullable FakeAlerts log;

    FakeAlerts() {
        this(null);
    }

    private FakeAlerts(@Nullable FakeAlerts log) {
        this.log = log;
    }

    /** What another process sees that hears nothing of the log from now on, but can write. */
    FakeAlerts leftBehind() {
        FakeAlerts view = new FakeAlerts(this);
        view.entries.putAll(entries);
        return view;
    }

    @Override
    public Optional<Alert> find(String key) {
        return findVersioned(key).map(Versioned::value);
    }

    @Override
    public Optional<Versioned<Alert>> findVersioned(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Collection<Versioned<Alert>> entries() {
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
    public void onChange(LogTableListener<Alert> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Versioned<Alert>> put(String key, Alert value) {
        FakeAlerts target = log == null ? this : log;
        return target.put(
                key, value, target.findVersioned(key).map(Versioned::version).orElse(ABSENT));
    }

    @Override
    public CompletableFuture<Versioned<Alert>> put(String key, Alert value, long expectedVersion) {
        if (log != null) {
            return log.put(key, value, expectedVersion);
        }
        long actual = findVersioned(key).map(Versioned::version).orElse(ABSENT);
        if (actual != expectedVersion) {
            return CompletableFuture.failedFuture(new VersionConflictException(key, expectedVersion, actual));
        }
        Versioned<Alert> entry = new Versioned<>(key, value, written.size());
        written.add(value);
        entries.put(key, entry);
        return CompletableFuture.completedFuture(entry);
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        throw new UnsupportedOperationException();
    }
}
