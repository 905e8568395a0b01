package dev.sluice.metrics.ladder;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that holds nothing. Kafka Streams asks it to write what it has in memory before the records of a task are sent and committed with its offsets, as it asks its own caches; then it tells who counts.
 * There is no other word of a commit that comes before it: what is written after it would be lost with a crash although its input was committed.
 *
 * <p>What it writes must go where nothing is held back, since other caches of the task may have been asked before this one. Not thread-safe: it belongs to the task's thread.
 */
final class CommitSignal implements StateStore, CachedStateStore<byte[], byte[]> {
    private final String name;
    private @Nullable Runnable before;
    private boolean isOpen;

    private CommitSignal(String name) {
        this.name = name;
    }

    static StoreBuilder<CommitSignal> named(String name) {
        return new Builder(name);
    }

    /** What is done before each commit from now on, in place of what was. */
    void before(Runnable action) {
        before = action;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        before = null;
        isOpen = true;
        context.register(root, (key, value) -> {});
    }

    @Override
    public void flushCache() {
        if (before != null) {
            before.run();
        }
    }

    /** Comes after the commit as well, when nothing is left. */
    @Override
    public void flush() {}

    @Override
    public void clearCache() {}

    @Override
    public boolean setFlushListener(CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public void close() {
        before = null;
        isOpen = false;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    private record Builder(String name) implements StoreBuilder<CommitSignal> {
        @Override
        public StoreBuilder<CommitSignal> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitSignal> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitSignal> withLoggingEnabled(Map<String, String> config) {
            throw new UnsupportedOperationException("there is nothing to be logged");
        }

        @Override
        public StoreBuilder<CommitSignal> withLoggingDisabled() {
            return this;
        }

        @Override
        public CommitSignal build() {
            return new CommitSignal(name);
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }
    }
}
