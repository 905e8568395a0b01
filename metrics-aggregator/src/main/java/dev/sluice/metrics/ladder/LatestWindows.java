package dev.sluice.metrics.ladder;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The windows that were counted into last: what comes next is most often for one of them, and need not be decoded then, nor what it makes of it be written until somebody is to see it.
 * Only who alone writes a store may have it. Bounded; not thread-safe.
 */
final class LatestWindows<V> {
    private final int most;
    private final Writer<V> writer;
    private final Map<Place, V> windows = new LinkedHashMap<>();
    private final Set<Place> unwritten = new LinkedHashSet<>();

    private record Place(String key, long start) {}

    /** Puts a window where it is kept. */
    interface Writer<V> {
        void write(String key, long start, V window);
    }

    LatestWindows(int most, Writer<V> writer) {
        this.most = most;
        this.writer = writer;
    }

    /** Gives one out to be changed and put here again, or written. Null when it is not here; then what was written is the latest. */
    @Nullable
    V take(String key, long start) {
        Place place = new Place(key, start);
        unwritten.remove(place);
        return windows.remove(place);
    }

    /** What is to be written; the one that was put here longest ago makes room. */
    void put(String key, long start, V window) {
        Place place = new Place(key, start);
        windows.put(place, window);
        unwritten.add(place);
        if (windows.size() > most) {
            Place oldest = windows.keySet().iterator().next();
            if (unwritten.remove(oldest)) {
                write(oldest);
            }
            windows.remove(oldest);
        }
    }

    /** Writes all that is not yet; it stays here. */
    void writeAll() {
        unwritten.forEach(this::write);
        unwritten.clear();
    }

    private void write(Place place) {
        V window = windows.get(place);
        if (window != null) {
            writer.write(place.key(), place.start(), window);
        }
    }
}
