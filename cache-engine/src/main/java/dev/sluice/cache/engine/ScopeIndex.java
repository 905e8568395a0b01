package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The scopes of one namespace with their epochs, made so that the newest over an entry is found quickly. Immutable. */
final class ScopeIndex {

    static final ScopeIndex EMPTY = new ScopeIndex(Map.of());

    private final Map<PurgeScope, Long> scopes;
    private final Map<PurgeScope.Kind, Map<String, Long>> byName = new EnumMap<>(PurgeScope.Kind.class);
    private final List<Pattern> patterns = new ArrayList<>();
    private final int[] prefixLengths;

    private ScopeIndex(Map<PurgeScope, Long> scopes) {
        this.scopes = scopes;
        for (PurgeScope.Kind kind : PurgeScope.Kind.values()) {
            byName.put(kind, new HashMap<>());
        }
        scopes.forEach(this::add);
        prefixLengths = byName(PurgeScope.Kind.PREFIX).keySet().stream()
                .mapToInt(String::length)
                .distinct()
                .sorted()
                .toArray();
    }

    /** With these, of each scope the newest. */
    ScopeIndex with(Collection<Epoch> epochs) {
        if (epochs.isEmpty()) {
            return this;
        }
        Map<PurgeScope, Long> more = new HashMap<>(scopes);
        epochs.forEach(epoch -> more.merge(epoch.scope(), epoch.number(), Math::max));
        return new ScopeIndex(more);
    }

    /** Without the epoch, unless there is a newer one of its scope. */
    ScopeIndex without(PurgeScope scope, long number) {
        Map<PurgeScope, Long> fewer = new HashMap<>(scopes);
        fewer.computeIfPresent(scope, (ignored, kept) -> kept <= number ? null : kept);
        return new ScopeIndex(fewer);
    }

    boolean isEmpty() {
        return scopes.isEmpty();
    }

    Map<PurgeScope, Long> scopes() {
        return scopes;
    }

    /** The newest epoch over such an entry; 0 for none. */
    long newest(String key, List<String> tags) {
        long newest = Math.max(named(PurgeScope.Kind.NAMESPACE, ""), named(PurgeScope.Kind.KEY, key));
        for (String tag : tags) {
            newest = Math.max(newest, named(PurgeScope.Kind.TAG, tag));
        }
        for (int length : prefixLengths) {
            if (length > key.length()) {
                break;
            }
            newest = Math.max(newest, named(PurgeScope.Kind.PREFIX, key.substring(0, length)));
        }
        for (Pattern pattern : patterns) {
            if (pattern.number > newest && pattern.glob.matches(key)) {
                newest = pattern.number;
            }
        }
        return newest;
    }

    private void add(PurgeScope scope, long number) {
        byName(scope.kind()).put(scope.name(), number);
        if (scope.kind() == PurgeScope.Kind.PATTERN) {
            patterns.add(new Pattern(new Glob(scope.name()), number));
        }
    }

    private long named(PurgeScope.Kind kind, String name) {
        return byName(kind).getOrDefault(name, 0L);
    }

    private Map<String, Long> byName(PurgeScope.Kind kind) {
        return byName.getOrDefault(kind, Map.of());
    }

    /** One of the patterns. */
    private record Pattern(Glob glob, long number) {}
}
