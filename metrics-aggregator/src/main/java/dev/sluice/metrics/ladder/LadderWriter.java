package dev.sluice.metrics.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Counts into the windows of one task and closes them. Each window is added to the longer one around it once, when it closes. Should
 * something still come for it, which is so after a partition was quiet and the wall clock has closed it, then that goes into
 * both, and the window goes out once more. Not thread-safe: it belongs to the task's thread.
 */
public final class LadderWriter<T extends Tally<T>> {
    private final Ladder<T> ladder;
    private final List<WindowStore<String, WindowTally<T>>> stores = new ArrayList<>();
    private final List<PendingWindows> pending = new ArrayList<>();
    private final Emitter<T> emitter;

    /** Is told of windows that have closed, and of those that have changed since. */
    public interface Emitter<T> {
        void emit(Level level, String key, long windowStart, T tally);
    }

    /** Is told what the stores hold. */
    public interface Visitor {
        void found(String key, long windowStart);
    }

    /** @param stores by name */
    public LadderWriter(
            Ladder<T> ladder, Function<String, WindowStore<String, WindowTally<T>>> stores, Emitter<T> emitter) {
        this.ladder = ladder;
        this.emitter = emitter;
        for (int level = 0; level < ladder.levels().size(); level++) {
            this.stores.add(stores.apply(ladder.storeOf(level)));
            pending.add(new PendingWindows());
        }
    }

    /** Finds what has to be closed among what was there before; call it once, first. */
    public void resume(Visitor visitor) {
        for (int level = 0; level < stores.size(); level++) {
            try (KeyValueIterator<Windowed<String>, WindowTally<T>> all =
                    stores.get(level).all()) {
                while (all.hasNext()) {
                    KeyValue<Windowed<String>, WindowTally<T>> entry = all.next();
                    long start = entry.key.window().start();
                    visitor.found(entry.key.key(), start);
                    if (!isDone(level, entry.value)) {
                        pending.get(level).add(start, entry.key.key());
                    }
                }
            }
        }
    }

    /** Counts into a window of the shortest level, which is not late. */
    public void count(String key, long windowStart, T counted) {
        add(0, key, windowStart, counted, 0);
    }

    /**
     * Closes what is over by then. Call it before what moves stream time is counted: a window that falls out of its store
     * must have been closed.
     */
    public void close(long reachedMillis) {
        for (int level = 0; level < stores.size(); level++) {
            int closing = level;
            pending.get(level)
                    .drain(
                            start -> ladder.isClosed(closing, start, reachedMillis),
                            (start, key) -> close(closing, key, start));
        }
    }

    /** From short to long: a reader that comes in between misses something for a moment, and counts nothing twice. */
    private void add(int level, String key, long windowStart, T counted, long parts) {
        WindowTally<T> stored = stores.get(level).fetch(key, windowStart);
        WindowTally<T> sum = (stored == null ? WindowTally.empty(ladder.kind()) : stored).plus(counted, parts);
        stores.get(level).put(key, sum, windowStart);
        pending.get(level).add(windowStart, key);
        if (sum.isFolded()) {
            add(level + 1, key, ladder.levels().get(level + 1).startOf(windowStart), counted, 0);
        }
    }

    private void close(int level, String key, long windowStart) {
        WindowTally<T> stored = stores.get(level).fetch(key, windowStart);
        if (stored == null || isDone(level, stored)) {
            return;
        }
        WindowTally<T> closed = stored;
        if (!stored.isFolded() && level + 1 < stores.size()) {
            long around = ladder.levels().get(level + 1).startOf(windowStart);
            add(level + 1, key, around, stored.tally(), ladder.partOf(level, windowStart));
            closed = stored.folded();
        }
        if (!closed.isEmitted()) {
            emitter.emit(ladder.levels().get(level), key, windowStart, closed.tally());
            closed = closed.emitted();
        }
        stores.get(level).put(key, closed, windowStart);
    }

    private boolean isDone(int level, WindowTally<T> stored) {
        return stored.isEmitted() && (stored.isFolded() || level + 1 == stores.size());
    }
}
