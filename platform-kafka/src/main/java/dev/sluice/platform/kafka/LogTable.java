package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A compacted topic held in memory: the newest record of every key. Reading is a look-up in a map. A write completes
 * when this process has read its own record back, so that it sees what it wrote. Thread-safe.
 *
 * <p>Writes fail with {@link PublisherOverloadedException}, {@link PublishFailedException} (it may have been written)
 * or {@link VersionConflictException} (it has no effect). Their futures complete on threads that may block.
 */
public interface LogTable<V> {
    /** The version of what is not there: expected by a write that must not replace anything. */
    long ABSENT = -1;

    Optional<V> find(String key);

    Optional<Versioned<V>> findVersioned(String key);

    /** All entries at about this moment, in no order; a copy. */
    Collection<Versioned<V>> entries();

    /** Whether everything was read that was in the log at start. */
    boolean ready();

    /** Completes on a thread that may block. */
    CompletableFuture<Void> whenReady();

    /** How long ago the table is known to have been complete. About a second while Kafka answers. */
    Duration staleness();

    /** Tells a listener of all that is there, and then of every change. */
    void onChange(LogTableListener<V> listener);

    /** Writes whatever is there now. */
    CompletableFuture<Versioned<V>> put(String key, V value);

    /**
     * As {@link #put(String, Object)}, but completes once the log has it, be it before this process has read it back; on the producer's
     * thread, which must not be held up.
     */
    default CompletableFuture<?> post(String key, V value) {
        return put(key, value);
    }

    /** Writes only if the entry is still at that version. */
    CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion);

    /** Removes the entry; no error when there is none. */
    CompletableFuture<Void> remove(String key);

    /** Removes the entry only if it is still at that version. */
    CompletableFuture<Void> remove(String key, long expectedVersion);
}
