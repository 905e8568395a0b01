package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.CacheNamespace;
import dev.sluice.schemas.Topics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** What tenants have laid down for their namespaces, in memory. Looking something up blocks nobody. Thread-safe. */
public final class NamespaceTable {

    private final LogTable<CacheNamespace> log;
    private final Map<Name, NamespaceRules> rules = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Name> names = new ConcurrentSkipListSet<>();

    NamespaceTable(LogTable<CacheNamespace> log) {
        this.log = log;
        log.onChange((key, before, after) -> apply(before, after));
    }

    static LogTable<CacheNamespace> open(LogTables tables) {
        return tables.of(Topics.CACHE_NAMESPACES);
    }

    private record Name(String tenant, String namespace) implements Comparable<Name> {

        private static final Comparator<Name> ORDER =
                Comparator.comparing(Name::tenant).thenComparing(Name::namespace);

        static Name of(CacheNamespace record) {
            return new Name(record.getTenant(), record.getName());
        }

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    public NamespaceRules rulesOf(String tenant, String namespace) {
        return rules.isEmpty()
                ? NamespaceRules.USUAL
                : rules.getOrDefault(new Name(tenant, namespace), NamespaceRules.USUAL);
    }

    public NamespaceRules rulesOf(CacheKey key) {
        return rulesOf(key.tenant(), key.namespace());
    }

    /** Those that have a quota of their own. */
    List<Scope> withQuota() {
        return rules.entrySet().stream()
                .filter(each -> !each.getValue().quota().isNone())
                .map(each -> new Scope(each.getKey().tenant, each.getKey().namespace))
                .toList();
    }

    /** Whether everything was read that was in the log at start. */
    boolean ready() {
        return log.ready();
    }

    Optional<Versioned<CacheNamespace>> find(String tenant, String namespace) {
        return log.findVersioned(keyOf(tenant, namespace));
    }

    /** Those of a tenant by their names, behind one of them that need not be there. */
    List<CacheNamespace> list(String tenant, String after, int limit) {
        return names.tailSet(new Name(tenant, after), false).stream()
                .takeWhile(name -> name.tenant.equals(tenant))
                .flatMap(name -> find(tenant, name.namespace).stream())
                .map(Versioned::value)
                .limit(limit)
                .toList();
    }

    /** Completes when this node goes by it; fails as {@link LogTable} says. */
    CompletableFuture<Versioned<CacheNamespace>> write(CacheNamespace record, long expectedVersion) {
        return log.put(keyOf(record.getTenant(), record.getName()), record, expectedVersion);
    }

    /** Completes when it is gone for this node; fails as {@link LogTable} says. */
    CompletableFuture<Void> remove(String tenant, String namespace, long expectedVersion) {
        return log.remove(keyOf(tenant, namespace), expectedVersion);
    }

    private void apply(@Nullable CacheNamespace before, @Nullable CacheNamespace after) {
        if (after != null) {
            rules.put(Name.of(after), NamespaceRules.of(after));
            names.add(Name.of(after));
        } else if (before != null) {
            names.remove(Name.of(before));
            rules.remove(Name.of(before));
        }
    }

    private static String keyOf(String tenant, String namespace) {
        return tenant + "|" + namespace;
    }
}
