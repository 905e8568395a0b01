package dev.sluice.gateway.eventtype;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.EventType;
import dev.sluice.schemas.Topics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** All versions of all event types in memory. Thread-safe. */
final class EventTypeTable {

    private final LogTable<EventType> log;
    private final Map<TypeName, NavigableMap<Integer, EventType>> types = new ConcurrentHashMap<>();

    EventTypeTable(LogTable<EventType> log) {
        this.log = log;
        log.onChange(this::index);
    }

    static EventTypeTable over(LogTables tables) {
        return new EventTypeTable(tables.of(Topics.EVENT_TYPES));
    }

    private void index(String key, @Nullable EventType before, @Nullable EventType after) {
        if (after != null) {
            types.compute(nameOf(after), (name, versions) -> {
                NavigableMap<Integer, EventType> all = versions == null ? new ConcurrentSkipListMap<>() : versions;
                all.put(after.getVersion(), after);
                return all;
            });
        } else if (before != null) {
            types.computeIfPresent(nameOf(before), (name, versions) -> {
                versions.remove(before.getVersion());
                return versions.isEmpty() ? null : versions;
            });
        }
    }

    static TypeName nameOf(EventType type) {
        return new TypeName(type.getTenant(), type.getName());
    }

    /** Whether everything was read that was in the log at start. */
    boolean ready() {
        return log.ready();
    }

    Optional<EventType> latest(TypeName name) {
        NavigableMap<Integer, EventType> versions = types.get(name);
        // Between the two, the last version may go.
        Map.Entry<Integer, EventType> last = versions == null ? null : versions.lastEntry();
        return last == null ? Optional.empty() : Optional.of(last.getValue());
    }

    Optional<EventType> find(TypeName name, int version) {
        NavigableMap<Integer, EventType> versions = types.get(name);
        return versions == null ? Optional.empty() : Optional.ofNullable(versions.get(version));
    }

    /** The versions there are, oldest first; a copy. */
    List<EventType> versions(TypeName name) {
        NavigableMap<Integer, EventType> versions = types.get(name);
        return versions == null ? List.of() : List.copyOf(versions.values());
    }

    /** The latest versions of at most so many of a tenant's types whose names follow another, by name. */
    List<EventType> list(String tenant, String afterName, int limit) {
        return types.keySet().stream()
                .filter(name -> name.tenant().equals(tenant) && name.name().compareTo(afterName) > 0)
                .sorted(Comparator.comparing(TypeName::name))
                .limit(limit)
                .flatMap(name -> latest(name).stream())
                .toList();
    }

    /** How many versions of all types a tenant has. */
    int count(String tenant) {
        return types.entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(tenant))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }

    /** Its version in the log, which no other record ever has. */
    long logVersionOf(EventType type) {
        return log.findVersioned(nameOf(type).key(type.getVersion()))
                .map(Versioned::version)
                .orElse(LogTable.ABSENT);
    }

    /** Completes when this gateway has it; fails when that version is there. */
    CompletableFuture<EventType> add(EventType type) {
        return log.put(nameOf(type).key(type.getVersion()), type, LogTable.ABSENT)
                .thenApply(Versioned::value);
    }

    CompletableFuture<Void> remove(EventType type) {
        return log.remove(nameOf(type).key(type.getVersion()), logVersionOf(type));
    }
}
