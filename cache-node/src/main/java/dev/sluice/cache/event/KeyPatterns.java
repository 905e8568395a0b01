package dev.sluice.cache.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.sluice.cache.event.ReadBuffer.Dimension;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The key patterns in use, bounded: who invents keys without a pattern must not make a time series of each. The first
 * patterns of a namespace keep their name, all others share {@link #OTHER}. A namespace that is not read while many
 * others are is forgotten and learns anew. Thread-safe.
 */
final class KeyPatterns {

    /** Stands for every pattern past the bound. */
    static final String OTHER = "__other__";

    private final int maxPatterns;
    private final Function<Dimension, ReadBuffer> buffers;
    private final Cache<Namespace, Patterns> namespaces;

    KeyPatterns(int maxNamespaces, int maxPatterns, Function<Dimension, ReadBuffer> buffers) {
        this.maxPatterns = maxPatterns;
        this.buffers = buffers;
        // Eviction on the caller's thread keeps the bound exact.
        this.namespaces = Caffeine.newBuilder()
                .maximumSize(maxNamespaces)
                .executor(Runnable::run)
                .removalListener(KeyPatterns::forget)
                .build();
    }

    /** Where reads of the key belong, until that is forgotten. */
    ReadBuffer of(String tenant, String namespace, String key) {
        Patterns patterns = namespaces.get(
                new Namespace(tenant, namespace),
                unseen -> new Patterns(buffers.apply(new Dimension(tenant, namespace, OTHER))));
        String pattern = KeyPattern.of(key);
        ReadBuffer known = patterns.named.get(pattern);
        return known == null ? learn(patterns, new Dimension(tenant, namespace, pattern)) : known;
    }

    /** Nothing belongs anywhere any more that was found before. */
    void forgetAll() {
        namespaces.invalidateAll();
    }

    /** The patterns that a namespace has by now. */
    Set<String> known(String tenant, String namespace) {
        Patterns patterns = namespaces.getIfPresent(new Namespace(tenant, namespace));
        return patterns == null ? Set.of() : Set.copyOf(patterns.named.keySet());
    }

    private ReadBuffer learn(Patterns patterns, Dimension dimension) {
        if (patterns.named.size() < maxPatterns) {
            synchronized (patterns) {
                if (patterns.named.size() < maxPatterns && !patterns.other.isForgotten()) {
                    return patterns.named.computeIfAbsent(dimension.pattern(), unseen -> buffers.apply(dimension));
                }
            }
        }
        return patterns.named.getOrDefault(dimension.pattern(), patterns.other);
    }

    private static void forget(@Nullable Namespace namespace, @Nullable Patterns patterns, RemovalCause cause) {
        if (patterns != null) {
            synchronized (patterns) {
                patterns.other.forget();
                patterns.named.values().forEach(ReadBuffer::forget);
            }
        }
    }

    private record Namespace(String tenant, String name) {}

    /** Of one namespace. */
    private static final class Patterns {
        final ConcurrentMap<String, ReadBuffer> named = new ConcurrentHashMap<>();
        final ReadBuffer other;

        Patterns(ReadBuffer other) {
            this.other = other;
        }
    }
}
