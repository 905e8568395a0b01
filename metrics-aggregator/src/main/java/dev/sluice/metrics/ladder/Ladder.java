package dev.sluice.metrics.ladder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Levels of windows, each some times as long as the one before. What comes in is counted once, in a window of the shortest
 * level. A window that closes is added to the longer one around it, which notes that it has it; so a long window costs
 * nothing until then, and a window of a day is the exact sum of its hours.
 *
 * <p>A window closes when stream time has passed its end by the grace. What comes later is late where the ladder says so, else it goes into all
 * windows that have it, for as long as they are kept. Only stream time decides that,
 * never the wall clock, so that a replay after a crash decides the same, and an aggregator that was away for an hour still
 * counts what waited for it.
 *
 * @param name what the names of its stores begin with
 * @param levels shortest first
 * @param grace how long a window stays open past its end
 * @param late how long past its end a window takes what still comes; at least the grace
 * @param ahead how far ahead of stream time something may be counted: what stands in a batch behind its first entry
 * @param kind what the windows hold
 */
public record Ladder<T extends Tally<T>>(
        String name, List<Level> levels, Duration grace, Duration late, Duration ahead, TallyKind<T> kind) {
    /** Which parts a window has stands in one number. */
    private static final int MAX_PARTS = 64;

    public Ladder {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("levels must not be empty");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
        if (late.compareTo(grace) < 0) {
            throw new IllegalArgumentException("late must be at least the grace: " + late);
        }
        for (Level level : levels) {
            // Else it would fall out of its store before it has closed, and be lost to the longer ones.
            Duration least = late.plus(level.size()).plus(ahead);
            if (level.retention().compareTo(least) < 0) {
                throw new IllegalArgumentException("retention of " + level.name() + " must be at least " + least);
            }
        }
        for (int i = 1; i < levels.size(); i++) {
            requireParts(levels.get(i - 1), levels.get(i));
        }
    }

    /** One whose windows take nothing once they are closed, of what comes in batches that span less than a minute. */
    public Ladder(String name, List<Level> levels, Duration grace, TallyKind<T> kind) {
        this(name, levels, grace, grace, Level.MINUTE, kind);
    }

    private static void requireParts(Level part, Level whole) {
        long parts = whole.size().toMillis() / part.size().toMillis();
        if (parts < 2
                || parts > MAX_PARTS
                || whole.size().toMillis() % part.size().toMillis() != 0) {
            throw new IllegalArgumentException(whole.name() + " must be 2 to 64 times " + part.name());
        }
    }

    public Level finest() {
        return levels.getFirst();
    }

    public String storeOf(int level) {
        return name + "-" + levels.get(level).name();
    }

    /** Number of the level whose windows are that long. */
    public int levelOf(Duration size) {
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).size().equals(size)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name + " has no windows of " + size);
    }

    /** Whether something for this window of the shortest level comes too late. */
    public boolean isLate(long windowStart, long streamMillis) {
        return windowStart + finest().size().toMillis() + late.toMillis() <= streamMillis;
    }

    boolean isClosed(int level, long windowStart, long streamMillis) {
        return windowStart + levels.get(level).size().toMillis() + grace.toMillis() <= streamMillis;
    }

    /** The bit of a window among the parts of the longer one around it. */
    long partOf(int level, long windowStart) {
        long within = windowStart - levels.get(level + 1).startOf(windowStart);
        return 1L << (within / levels.get(level).size().toMillis());
    }

    /** The store by which who counts learns of a commit; it holds nothing. */
    String signal() {
        return name + "-commit";
    }

    /**
     * In memory, because retention bounds them and a restore is faster than RocksDB's. A commit writes each window once: those of the shortest level are held back by who counts, which also
     * saves to encode them each time; those of others by Kafka Streams.
     */
    public List<StoreBuilder<? extends StateStore>> stores() {
        List<StoreBuilder<? extends StateStore>> stores = new ArrayList<>();
        for (int level = 0; level < levels.size(); level++) {
            Level windows = levels.get(level);
            StoreBuilder<WindowStore<String, WindowTally<T>>> store = Stores.windowStoreBuilder(
                    Stores.inMemoryWindowStore(storeOf(level), windows.retention(), windows.size(), false),
                    Serdes.String(),
                    new WindowTallySerde<>(kind));
            stores.add(level == 0 ? store.withCachingDisabled() : store.withCachingEnabled());
        }
        stores.add(CommitSignal.named(signal()));
        return stores;
    }
}
