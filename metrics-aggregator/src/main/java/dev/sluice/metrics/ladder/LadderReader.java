package dev.sluice.metrics.ladder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;

/**
 * Reads windows of one length while they are counted: those that are closed, and what the shorter ones have that are not. Shorter ones are
 * read first, and left out when the longer one says that it has them: so nothing is counted twice, although a window may close in
 * between. Where there is a level between, one that was in none of the longer windows may get into the longest by way of that between while that is
 * read: then all is read once more. Thread-safe.
 */
public final class LadderReader<T extends Tally<T>> {
    private final Ladder<T> ladder;
    private final Stores<T> stores;

    /** Finds one partition of a store; asked at each query, because a rebalance replaces them. */
    public interface Stores<T extends Tally<T>> {
        ReadOnlyWindowStore<String, WindowTally<T>> find(String store, int partition);
    }

    /** Is told of what was counted; more than once for a key and window, and what it is told adds up. */
    public interface Visitor<T> {
        void counted(String key, long windowStart, T tally);
    }

    /** A range of keys and of the starts of windows; the ends belong to it. */
    public record Selection(KeyRange keys, Instant from, Instant to) {
        private Selection between(Instant first, Instant last) {
            return new Selection(keys, first, last);
        }
    }

    private record Window(String key, long start) {}

    private record Part<T extends Tally<T>>(Window window, WindowTally<T> tally) {}

    public LadderReader(Ladder<T> ladder, Stores<T> stores) {
        this.ladder = ladder;
        this.stores = stores;
    }

    public Ladder<T> ladder() {
        return ladder;
    }

    /**
     * Tells what one partition has counted; takes some microseconds a window, so call it where blocking is allowed.
     *
     * @param level which windows it is told by
     * @param selection from the start of a window of that level on
     */
    public void read(int partition, int level, Selection selection, Visitor<T> visitor) {
        Level asked = ladder.levels().get(level);
        Consumer<Part<T>> counted = part -> visitor.counted(
                part.window().key(),
                asked.startOf(part.window().start()),
                part.tally().tally());
        if (level < 2) {
            readOnce(partition, level, selection, counted);
            return;
        }
        List<Part<T>> found = new ArrayList<>();
        while (!readOnce(partition, level, selection, found::add)) {
            found.clear();
        }
        found.forEach(counted);
    }

    /**
     * Tells what one partition has counted in a range of minutes, where only the sum is wanted: by hours as far as whole ones are asked for, which for a
     * day are at most 142 windows to be added up and not 1,440.
     *
     * @param selection from the start of a minute on
     */
    public void readSum(int partition, Selection selection, Visitor<T> visitor) {
        int minutes = ladder.levelOf(Level.MINUTE);
        Level hours = ladder.levels().get(ladder.levelOf(Level.HOUR));
        Instant firstHour = startOf(hours, selection.from().plus(hours.size()).minusMillis(1));
        Instant lastHour = startOf(hours, selection.to());
        if (!firstHour.isBefore(lastHour)) {
            read(partition, minutes, selection, visitor);
            return;
        }
        // Apart from each other in time: a window that closes in between belongs to one of them alone.
        if (selection.from().isBefore(firstHour)) {
            read(partition, minutes, selection.between(selection.from(), firstHour.minusMillis(1)), visitor);
        }
        read(partition, ladder.levelOf(Level.HOUR), selection.between(firstHour, lastHour.minusMillis(1)), visitor);
        read(partition, minutes, selection.between(lastHour, selection.to()), visitor);
    }

    private static Instant startOf(Level level, Instant at) {
        return Instant.ofEpochMilli(level.startOf(at.toEpochMilli()));
    }

    /** Whether what was found is of one moment, for each window. */
    private boolean readOnce(int partition, int level, Selection selection, Consumer<Part<T>> found) {
        List<Part<T>> open = List.of();
        List<List<Part<T>>> skipped = new ArrayList<>();
        for (int shorter = 0; shorter < level; shorter++) {
            List<Part<T>> next = new ArrayList<>();
            List<Part<T>> missing = new ArrayList<>();
            readLevel(partition, shorter, selection, open, missing::add, part -> {
                if (!part.tally().isFolded()) {
                    next.add(part);
                }
            });
            missing.forEach(found);
            skipped.add(missing);
            open = next;
        }
        readLevel(partition, level, selection, open, found, found);
        for (int shorter = 1; shorter < level; shorter++) {
            int levelOfParts = shorter - 1;
            if (skipped.get(shorter).stream().anyMatch(part -> isFoldedNow(partition, levelOfParts, part.window()))) {
                return false;
            }
        }
        return true;
    }

    /** Once the longer window has one, it has it for good: what it has not now it had not while the longest was read. */
    private boolean isFoldedNow(int partition, int level, Window window) {
        WindowTally<T> now = stores.find(ladder.storeOf(level), partition).fetch(window.key(), window.start());
        return now == null || now.isFolded();
    }

    /**
     * Reads one level.
     *
     * @param open parts of these windows, which were not yet added to them when they were read
     * @param missing is given those parts that the windows still do not have
     */
    private void readLevel(
            int partition,
            int level,
            Selection selection,
            List<Part<T>> open,
            Consumer<Part<T>> missing,
            Consumer<Part<T>> found) {
        Map<Window, List<Part<T>>> openByWindow = new HashMap<>();
        for (Part<T> part : open) {
            Window around = new Window(
                    part.window().key(),
                    ladder.levels().get(level).startOf(part.window().start()));
            openByWindow.computeIfAbsent(around, absent -> new ArrayList<>()).add(part);
        }
        try (KeyValueIterator<Windowed<String>, WindowTally<T>> windows = fetch(partition, level, selection)) {
            while (windows.hasNext()) {
                KeyValue<Windowed<String>, WindowTally<T>> next = windows.next();
                Window window = new Window(next.key.key(), next.key.window().start());
                List<Part<T>> within = openByWindow.get(window);
                if (within != null) {
                    within.removeIf(part -> next.value.hasPart(
                            ladder.partOf(level - 1, part.window().start())));
                }
                found.accept(new Part<>(window, next.value));
            }
        }
        openByWindow.values().forEach(parts -> parts.forEach(missing));
    }

    private KeyValueIterator<Windowed<String>, WindowTally<T>> fetch(int partition, int level, Selection selection) {
        KeyRange keys = selection.keys();
        return stores.find(ladder.storeOf(level), partition)
                .fetch(keys.from(), keys.to(), selection.from(), selection.to());
    }
}
