package dev.sluice.metrics.ladder;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows that were counted into last: what comes next is most often for one of them, and need not be decoded then, nor what it makes of it be written until somebody is to see it.
 * Only who alone writes a store may have it. Bounded; not thread-safe.
 */
final class LatestWindows<V> {
    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int most;
    private final Writer<V> writer;

    /** The one that was put here longest ago first. */
    private final Map<Place, Held<V>> windows = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);

    private record Place(String key, long start) {}

    private static final class Held<V> {
        private V window;
        private boolean isWritten;

        Held(V window) {
            this.window = window;
        }
    }

    /** Puts a window where it is kept. */
    interface Writer<V> {
        void write(String key, long start, V window);
    }

    LatestWindows(int most, Writer<V> writer) {
        this.most = most;
        this.writer = writer;
    }

    /** One that is here, to be changed and put here again. Null when it is not; then what was written is the latest. */
    @Nullable
    V find(String key, long start) {
        Held<V> held = windows.get(new Place(key, start));
        return held == null ? null : held.window;
    }

    /** Gives one out for good, to be written by who takes it. Null when it is not here; then what was written is the latest. */
    @Nullable
    V take(String key, long start) {
        Held<V> held = windows.remove(new Place(key, start));
        return held == null ? null : held.window;
    }

    /** What is to be written; the one that was put here longest ago makes room. */
    void put(String key, long start, V window) {
        Place place = new Place(key, start);
        Held<V> held = windows.get(place);
        if (held != null) {
            held.window = window;
            held.isWritten = false;
            return;
        }
        windows.put(place, new Held<>(window));
        if (windows.size() > most) {
            Iterator<Map.Entry<Place, Held<V>>> oldestFirst = windows.entrySet().iterator();
            Map.Entry<Place, Held<V>> oldest = oldestFirst.next();
            oldestFirst.remove();
            write(oldest.getKey(), oldest.getValue());
        }
    }

    /** Writes all that is not yet; it stays here. */
    void writeAll() {
        windows.forEach(this::write);
    }

    private void write(Place place, Held<V> held) {
        if (!held.isWritten) {
            held.isWritten = true;
            writer.write(place.key(), place.start(), held.window);
        }
    }
}
