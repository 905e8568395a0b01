package dev.sluice.metrics.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts into the windows of one task and closes them. Each window is added to the longer one around it once, when it closes. Should
 * something still come for it, which is so after a partition was quiet and the wall clock has closed it, then that goes into
 * both, and the window goes out once more. Not thread-safe: it belongs to the task's thread.
 */
public final class LadderWriter<T extends Tally<T>> {
    /** Of some kilobytes each; as many as there are dimensions of a partition that are read all the time. */
    private static final int LATEST = 256;

    private final Ladder<T> ladder;
    private final List<WindowStore<String, WindowTally<T>>> stores = new ArrayList<>();
    private final List<PendingWindows> pending = new ArrayList<>();
    private final LatestWindows<WindowTally<T>> latest = new LatestWindows<>(LATEST, this::store);
    private final Emitter<T> emitter;
    private boolean isHeldBack;

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

    String signal() {
        return ladder.signal();
    }

    /** From now on windows of the shortest level are written when it is said, which has to be before each commit. */
    void holdBack() {
        isHeldBack = true;
    }

    /** Writes what was held back. */
    void writeHeldBack() {
        latest.writeAll();
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
        add(0, key, windowStart, take(0, key, windowStart), counted, 0);
    }

    /**
     * The same without a tally in between.
     *
     * @param counting adds to the tally that it is given; called once
     */
    public void count(String key, long windowStart, Consumer<T> counting) {
        WindowTally<T> known = latest.find(key, windowStart);
        if (known != null && !known.isFolded() && isHeldBack) {
            // It is waiting to be closed since it was put there.
            latest.put(key, windowStart, known.counting(counting));
            return;
        }
        WindowTally<T> stored = take(0, key, windowStart);
        if (stored != null && stored.isFolded()) {
            // All that is longer wants the same.
            T counted = ladder.kind().empty().get();
            counting.accept(counted);
            add(0, key, windowStart, stored, counted, 0);
            return;
        }
        WindowTally<T> sum = (stored == null ? WindowTally.empty(ladder.kind()) : stored).counting(counting);
        write(0, key, windowStart, sum);
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
    private void add(int level, String key, long windowStart, @Nullable WindowTally<T> stored, T counted, long parts) {
        WindowTally<T> sum = (stored == null ? WindowTally.empty(ladder.kind()) : stored).plus(counted, parts);
        write(level, key, windowStart, sum);
        if (sum.isFolded()) {
            long around = ladder.levels().get(level + 1).startOf(windowStart);
            add(level + 1, key, around, take(level + 1, key, around), counted, 0);
        }
    }

    private void write(int level, String key, long windowStart, WindowTally<T> window) {
        if (level == 0) {
            latest.put(key, windowStart, window);
        } else {
            stores.get(level).put(key, window, windowStart);
        }
        if (!isHeldBack) {
            latest.writeAll();
        }
        pending.get(level).add(windowStart, key);
    }

    private void close(int level, String key, long windowStart) {
        WindowTally<T> stored = take(level, key, windowStart);
        if (stored == null || isDone(level, stored)) {
            return;
        }
        WindowTally<T> closed = stored;
        if (!stored.isFolded() && level + 1 < stores.size()) {
            long around = ladder.levels().get(level + 1).startOf(windowStart);
            WindowTally<T> longer = take(level + 1, key, around);
            add(level + 1, key, around, longer, stored.tally(), ladder.partOf(level, windowStart));
            closed = stored.folded();
        }
        if (!closed.isEmitted()) {
            emitter.emit(ladder.levels().get(level), key, windowStart, closed.tally());
            closed = closed.emitted();
        }
        stores.get(level).put(key, closed, windowStart);
    }

    private void store(String key, long windowStart, WindowTally<T> window) {
        stores.getFirst().put(key, window, windowStart);
    }

    /** As it was counted into last; nobody else writes the store, so one of the latest need not be decoded. */
    private @Nullable WindowTally<T> take(int level, String key, long windowStart) {
        WindowTally<T> known = level == 0 ? latest.take(key, windowStart) : null;
        return known == null ? stores.get(level).fetch(key, windowStart) : known;
    }

    private boolean isDone(int level, WindowTally<T> stored) {
        return stored.isEmitted() && (stored.isFolded() || level + 1 == stores.size());
    }
}
