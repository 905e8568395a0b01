package dev.sluice.metrics.ladder;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/** Which windows of which keys have changed since they were last closed, oldest first. Not thread-safe. */
final class PendingWindows {
    private final TreeMap<Long, Set<String>> keysByWindow = new TreeMap<>();

    void add(long windowStart, String key) {
        keysByWindow.computeIfAbsent(windowStart, start -> new HashSet<>()).add(key);
    }

    /** Hands out and forgets the oldest windows as long as they are closed. */
    void drain(LongPredicate closed, BiConsumer<Long, String> action) {
        Iterator<Map.Entry<Long, Set<String>>> oldest = keysByWindow.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Long, Set<String>> window = oldest.next();
            if (!closed.test(window.getKey())) {
                return;
            }
            window.getValue().forEach(key -> action.accept(window.getKey(), key));
            oldest.remove();
        }
    }
}
