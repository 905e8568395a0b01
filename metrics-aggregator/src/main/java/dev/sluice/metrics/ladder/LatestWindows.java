package dev.sluice.metrics.ladder;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows that were written last, as their store has them: what comes next is most often for one of them, and need not be decoded then. Only who alone
 * writes a store may have it. Bounded; not thread-safe.
 */
final class LatestWindows<V> {
    private final int most;
    private final Map<Place, V> windows = new LinkedHashMap<>();

    private record Place(String key, long start) {}

    LatestWindows(int most) {
        this.most = most;
    }

    /** Gives one out to be changed and written again; should that fail, the store is asked the next time. Null when it is not here. */
    @Nullable
    V take(String key, long start) {
        return windows.remove(new Place(key, start));
    }

    /** What was written; the one that was written longest ago makes room. */
    void put(String key, long start, V window) {
        windows.put(new Place(key, start), window);
        if (windows.size() > most) {
            windows.remove(windows.keySet().iterator().next());
        }
    }
}
