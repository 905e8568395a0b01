package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTableListener;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.TrustedRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A table of endpoints in memory, as quick or as slow and as sound or as broken as a test wants it. */
final class FakeEndpointLog implements LogTable<WebhookEndpoint> {

    static {
        TrustedRecords.load();
    }

    private final Map<String, Versioned<WebhookEndpoint>> entries = new TreeMap<>();
    private final List<LogTableListener<WebhookEndpoint>> listeners = new ArrayList<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private @Nullable RuntimeException trouble;
    private @Nullable CompletableFuture<Void> held;
    private long version;

    static FakeEndpointLog loaded() {
        FakeEndpointLog log = new FakeEndpointLog();
        log.loaded.complete(null);
        return log;
    }

    static FakeEndpointLog loading() {
        return new FakeEndpointLog();
    }

    void failWith(RuntimeException failure) {
        trouble = failure;
    }

    /** Writes do not complete until the returned future does. */
    CompletableFuture<Void> hold() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        held = gate;
        return gate;
    }

    @Override
    public Optional<WebhookEndpoint> find(String key) {
        return findVersioned(key).map(Versioned::value);
    }

    @Override
    public Optional<Versioned<WebhookEndpoint>> findVersioned(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Collection<Versioned<WebhookEndpoint>> entries() {
        return List.copyOf(entries.values());
    }

    @Override
    public boolean ready() {
        return loaded.isDone();
    }

    @Override
    public CompletableFuture<Void> whenReady() {
        return loaded;
    }

    @Override
    public Duration staleness() {
        return Duration.ZERO;
    }

    @Override
    public void onChange(LogTableListener<WebhookEndpoint> listener) {
        listeners.add(listener);
    }

    @Override
    public CompletableFuture<Versioned<WebhookEndpoint>> put(String key, WebhookEndpoint value) {
        return write(() -> store(key, value));
    }

    @Override
    public CompletableFuture<Versioned<WebhookEndpoint>> put(String key, WebhookEndpoint value, long expectedVersion) {
        return write(() -> {
            requireVersion(key, expectedVersion);
            return store(key, value);
        });
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return write(() -> drop(key));
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        return write(() -> {
            requireVersion(key, expectedVersion);
            return drop(key);
        });
    }

    private <T> CompletableFuture<T> write(java.util.function.Supplier<T> change) {
        if (trouble != null) {
            return CompletableFuture.failedFuture(trouble);
        }
        CompletableFuture<Void> gate = held == null ? CompletableFuture.completedFuture(null) : held;
        return gate.thenApply(open -> change.get());
    }

    private void requireVersion(String key, long expected) {
        Versioned<WebhookEndpoint> current = entries.get(key);
        long actual = current == null ? ABSENT : current.version();
        if (actual != expected) {
            throw new VersionConflictException(key, expected, actual);
        }
    }

    private Versioned<WebhookEndpoint> store(String key, WebhookEndpoint value) {
        Versioned<WebhookEndpoint> stored = new Versioned<>(key, value, version++);
        Versioned<WebhookEndpoint> before = entries.put(key, stored);
        listeners.forEach(listener -> listener.onChange(key, before == null ? null : before.value(), value));
        return stored;
    }

    @SuppressWarnings("NullAway") // Nothing is what a removal gives.
    private Void drop(String key) {
        Versioned<WebhookEndpoint> before = entries.remove(key);
        if (before != null) {
            listeners.forEach(listener -> listener.onChange(key, before.value(), null));
        }
        return null;
    }
}
