package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The purges that this node knows. An entry is judged by when its making began, never by when it was stored: a value
 * that was read at its origin before a purge is old however late it is put. Thread-safe.
 */
class Epochs {

    /** How many a tenant may have at a time; those that were swept do not count. */
    static final int MAX_PER_TENANT = 1000;

    private final ConcurrentHashMap<String, Tenant> tenants = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong retirements = new AtomicLong();

    /** Grows with every epoch that is heard of. */
    long sequence() {
        return sequence.get();
    }

    /** As {@link #sequence()}, of one tenant. */
    long sequence(String tenant) {
        Tenant known = tenants.get(tenant);
        return known == null ? 0 : known.sequence;
    }

    /** Grows when an epoch goes: who judged by one that is not there any more must look again. */
    long retirements() {
        return retirements.get();
    }

    /** All epochs of the tenant up to this number are known. */
    long completeTo(String tenant) {
        Tenant known = tenants.get(tenant);
        return known == null ? 0 : known.completeTo;
    }

    boolean reach(CacheKey key) {
        Tenant known = tenants.get(key.tenant());
        return known != null && known.namespaces.containsKey(key.namespace());
    }

    void add(Epoch epoch) {
        addAll(epoch.tenant(), List.of(epoch), 0);
    }

    /** These are all that the tenant has up to the number, 0 when that is not known. */
    void addAll(String tenant, Collection<Epoch> epochs, long completeTo) {
        tenants.compute(tenant, (ignored, known) -> {
            Tenant before = known == null ? Tenant.NONE : known;
            long next = before.hasAll(epochs) ? before.sequence : sequence.get() + 1;
            return before.with(epochs, next, Math.max(before.completeTo, completeTo));
        });
        sequence.incrementAndGet();
    }

    /** Forgets one that has done its work. */
    void remove(Epoch epoch) {
        tenants.computeIfPresent(epoch.tenant(), (ignored, known) -> known.without(epoch));
    }

    /** Before the first level is gone through and {@link #remove} is called. */
    void beginRetirement() {
        retirements.incrementAndGet();
    }

    List<Epoch> all() {
        List<Epoch> all = new ArrayList<>();
        tenants.forEach((tenant, known) ->
                known.namespaces.forEach((namespace, scopes) -> scopes.collect(tenant, namespace, all)));
        return all;
    }

    /** The entry as it may be served now: as it is, stale, or not at all. */
    Optional<CacheEntry> judge(CacheKey key, CacheEntry entry) {
        Scopes scopes = scopes(key);
        if (scopes == null) {
            return Optional.of(entry);
        }
        List<String> tags = entry.value().tags();
        if (entry.start() < scopes.hard.newest(key.key(), tags)) {
            return Optional.empty();
        }
        long soft = scopes.soft.newest(key.key(), tags);
        return Optional.of(entry.start() < soft ? entry.staleSince(soft) : entry);
    }

    /** Of the epochs over such an entry the newest; 0 for none. */
    long newest(CacheKey key, List<String> tags) {
        return Math.max(newest(key, tags, false), newest(key, tags, true));
    }

    /** Of the epochs over such an entry, hard or soft, the newest; 0 for none. */
    long newest(CacheKey key, List<String> tags, boolean soft) {
        Scopes scopes = scopes(key);
        return scopes == null ? 0 : (soft ? scopes.soft : scopes.hard).newest(key.key(), tags);
    }

    private @Nullable Scopes scopes(CacheKey key) {
        Tenant known = tenants.get(key.tenant());
        return known == null ? null : known.namespaces.get(key.namespace());
    }

    /** What is known of one tenant. */
    private record Tenant(Map<String, Scopes> namespaces, long sequence, long completeTo) {

        static final Tenant NONE = new Tenant(Map.of(), 0, 0);

        boolean hasAll(Collection<Epoch> epochs) {
            return epochs.stream()
                    .allMatch(epoch -> namespaces
                            .getOrDefault(epoch.namespace(), Scopes.NONE)
                            .has(epoch));
        }

        Tenant with(Collection<Epoch> epochs, long atSequence, long complete) {
            Map<String, Scopes> more = new HashMap<>(namespaces);
            epochs.stream()
                    .collect(Collectors.groupingBy(Epoch::namespace))
                    .forEach((namespace, some) ->
                            more.merge(namespace, Scopes.NONE.with(some), (known, ignored) -> known.with(some)));
            return new Tenant(more, atSequence, complete);
        }

        Tenant without(Epoch epoch) {
            Map<String, Scopes> fewer = new HashMap<>(namespaces);
            fewer.computeIfPresent(epoch.namespace(), (ignored, known) -> {
                Scopes left = known.without(epoch);
                return left.hard.isEmpty() && left.soft.isEmpty() ? null : left;
            });
            return new Tenant(fewer, sequence, completeTo);
        }
    }

    /** What is known of one namespace. A soft epoch does not replace a hard one: what is gone does not come back as stale. */
    private record Scopes(ScopeIndex hard, ScopeIndex soft) {

        static final Scopes NONE = new Scopes(ScopeIndex.EMPTY, ScopeIndex.EMPTY);

        boolean has(Epoch epoch) {
            ScopeIndex index = epoch.soft() ? soft : hard;
            return index.scopes().getOrDefault(epoch.scope(), 0L) >= epoch.number();
        }

        Scopes with(Collection<Epoch> epochs) {
            Map<Boolean, List<Epoch>> bySoftness = epochs.stream().collect(Collectors.partitioningBy(Epoch::soft));
            return new Scopes(
                    hard.with(bySoftness.getOrDefault(false, List.of())),
                    soft.with(bySoftness.getOrDefault(true, List.of())));
        }

        Scopes without(Epoch epoch) {
            return epoch.soft()
                    ? new Scopes(hard, soft.without(epoch.scope(), epoch.number()))
                    : new Scopes(hard.without(epoch.scope(), epoch.number()), soft);
        }

        void collect(String tenant, String namespace, List<Epoch> into) {
            hard.scopes().forEach((scope, number) -> into.add(new Epoch(tenant, namespace, scope, false, number)));
            soft.scopes().forEach((scope, number) -> into.add(new Epoch(tenant, namespace, scope, true, number)));
        }
    }
}
