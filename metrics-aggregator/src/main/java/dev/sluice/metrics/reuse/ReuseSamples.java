package dev.sluice.metrics.reuse;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The samples of one task, never more than so many: some 200 kB each. Not thread-safe. */
final class ReuseSamples {
    /** Each node of a namespace counts as one. */
    static final int MAX_SAMPLES = 64;

    private final Map<String, NamespaceSample> byNamespace = new HashMap<>();

    /** Goes on with one that was kept before. */
    void resume(String namespace, NamespaceSample sample) {
        byNamespace.put(namespace, sample);
    }

    /**
     * The sample for the reads of a node; null when there is no room for it.
     *
     * @param namespace with its tenant
     * @param dropped is told whose sample had to go for it
     */
    @Nullable
    NamespaceSample find(String namespace, String node, long atMillis, Consumer<String> dropped) {
        NamespaceSample known = byNamespace.get(namespace);
        if (known != null && known.has(node)) {
            return known;
        }
        if (known != null && !known.admits(node, atMillis)) {
            return null;
        }
        if (count() >= MAX_SAMPLES && !dropIdle(namespace, atMillis, dropped)) {
            return null;
        }
        return byNamespace.computeIfAbsent(namespace, absent -> new NamespaceSample());
    }

    private int count() {
        return byNamespace.values().stream()
                .mapToInt(sample -> Math.max(1, sample.nodes()))
                .sum();
    }

    private boolean dropIdle(String wanted, long atMillis, Consumer<String> dropped) {
        Iterator<Map.Entry<String, NamespaceSample>> all =
                byNamespace.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, NamespaceSample> next = all.next();
            if (!next.getKey().equals(wanted) && !next.getValue().isActive(atMillis)) {
                all.remove();
                dropped.accept(next.getKey());
                return true;
            }
        }
        return false;
    }

    void forget(long nowMillis) {
        byNamespace.values().forEach(sample -> sample.forget(nowMillis));
    }

    /** Hands out what has changed since it was handed out last. */
    void drainChanged(BiConsumer<String, byte[]> store) {
        byNamespace.forEach((namespace, sample) -> {
            byte[] changed = sample.takeChanged();
            if (changed != null) {
                store.accept(namespace, changed);
            }
        });
    }
}
