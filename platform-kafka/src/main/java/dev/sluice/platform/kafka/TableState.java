package dev.sluice.platform.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table knows, and the rule by which a record changes it. One thread applies, any thread reads.
 *
 * <p>The rule: a record that expects a version is ignored when its key is already at a newer one. Every reader of the
 * log comes to the same verdict, so of two writers that expect the same version exactly one wins, without a lock. A
 * record that expects a version <em>newer</em> than the one known is accepted: what lay between was compacted away.
 */
final class TableState<V> {
    /** Versions of removed keys are remembered, so that a late conditional write cannot bring an entry back. */
    private static final int REMEMBERED_REMOVALS = 10_000;

    private final Map<String, Versioned<V>> entries = new ConcurrentHashMap<>();
    private final Map<String, Long> removals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED_REMOVALS;
        }
    };

    /** What became of a record. */
    sealed interface Outcome<V> {
        record Applied<V>(@Nullable V before) implements Outcome<V> {}

        /** The newest change of the key was at that version, a removal included. */
        record Ignored<V>(long newest) implements Outcome<V> {}
    }

    Outcome<V> apply(String key, @Nullable V value, long version, @Nullable Long expected) {
        if (expected != null) {
            long newest = newestVersion(key, expected);
            if (newest > expected) {
                return new Outcome.Ignored<>(newest);
            }
        }
        if (value == null) {
            Versioned<V> before = entries.remove(key);
            removals.remove(key);
            removals.put(key, version);
            return new Outcome.Applied<>(before == null ? null : before.value());
        }
        Versioned<V> before = entries.put(key, new Versioned<>(key, value, version));
        return new Outcome.Applied<>(before == null ? null : before.value());
    }

    Optional<Versioned<V>> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    Collection<Versioned<V>> entries() {
        return List.copyOf(entries.values());
    }

    /** The version of the entry, or {@link LogTable#ABSENT}. */
    long versionOf(String key) {
        Versioned<V> entry = entries.get(key);
        return entry == null ? LogTable.ABSENT : entry.version();
    }

    /** A removal counts as a change for all but those who expect nothing to be there. */
    private long newestVersion(String key, long expected) {
        Versioned<V> entry = entries.get(key);
        if (entry != null) {
            return entry.version();
        }
        return expected == LogTable.ABSENT ? LogTable.ABSENT : removals.getOrDefault(key, LogTable.ABSENT);
    }
}
