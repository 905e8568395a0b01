package dev.sluice.cache.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The key patterns in use, bounded: who invents keys without a pattern must not make a time series of each. The first
 * patterns of a namespace keep their name, all others share {@link #OTHER}. A namespace that is not read while many
 * others are is forgotten and learns anew. Thread-safe.
 */
final class KeyPatterns {

    /** Stands for every pattern past the bound. */
    static final String OTHER = "__other__";

    private final int maxPatterns;
    private final Cache<Namespace, ConcurrentMap<String, Boolean>> namespaces;

    KeyPatterns(int maxNamespaces, int maxPatterns) {
        this.maxPatterns = maxPatterns;
        // Eviction on the caller's thread keeps the bound exact.
        this.namespaces = Caffeine.newBuilder()
                .maximumSize(maxNamespaces)
                .executor(Runnable::run)
                .build();
    }

    String patternOf(String tenant, String namespace, String key) {
        String pattern = KeyPattern.of(key);
        ConcurrentMap<String, Boolean> known =
                namespaces.get(new Namespace(tenant, namespace), unseen -> new ConcurrentHashMap<>());
        if (known.containsKey(pattern)) {
            return pattern;
        }
        return learn(known, pattern) ? pattern : OTHER;
    }

    /** The patterns that a namespace has by now. */
    Set<String> known(String tenant, String namespace) {
        ConcurrentMap<String, Boolean> known = namespaces.getIfPresent(new Namespace(tenant, namespace));
        return known == null ? Set.of() : Set.copyOf(known.keySet());
    }

    private boolean learn(ConcurrentMap<String, Boolean> known, String pattern) {
        if (known.size() >= maxPatterns) {
            return false;
        }
        synchronized (known) {
            if (known.size() < maxPatterns) {
                known.put(pattern, true);
            }
        }
        return known.containsKey(pattern);
    }

    private record Namespace(String tenant, String name) {}
}
