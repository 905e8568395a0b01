package dev.sluice.metrics.reuse;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/**
 * Keys that are chosen by their hash alone, never more than so many: a key belongs to the sample when its position is below a threshold, and who has too many lowers it to
 * that of the highest, which goes. So all reads of a key are in the sample or none is, and samples of different parts of a stream choose alike.
 *
 * <p>Source: Waldspurger, Park, Garthwaite, Ahmad, "Efficient MRC Construction with SHARDS", FAST'15, sections 3.1 (spatial sampling) and 3.2
 * (fixed size). Not in the paper: keys that were not read for long are forgotten, and the threshold goes up again when half of the room is empty,
 * since a service meets new keys for ever.
 *
 * <p>A key has a place as long as it is in the sample, a number below {@link #places}; what is known of it lies side by side there, so that a read of a key touches little memory. Nothing is allocated once
 * the sample is there: hashes are found by linear probing, places are in a heap by position. Not thread-safe.
 */
final class KeySample {
    /** Positions are from 0 to this, which does not belong to them. */
    static final long POSITIONS = 1L << 32;

    static final int NONE = -1;

    /** Where hashes lie in the table nobody outside knows, so nobody can choose keys that all lie at one place of it. */
    private static final long SECRET = ThreadLocalRandom.current().nextLong() | 1;

    private static final int HASH = 0;
    private static final int READ_MILLIS = 1;
    private static final int GAP_MILLIS = 2;

    /** Fields that every key has. */
    private static final int OWN_FIELDS = 3;

    private final int maxKeys;
    private final int stride;

    /** The fields of each place behind each other. */
    private final long[] fields;

    /** Places, and one, where their hashes are looked for. */
    private final char[] table;

    /** Places in use, the one of the highest position first (a heap); behind them those that are free. */
    private final int[] heap;

    private int size;
    private long threshold;
    private int removals;

    /**
     * Makes one.
     *
     * @param moreFields what others know of a key, in so many numbers
     * @param threshold positions below it are taken
     */
    KeySample(int maxKeys, int moreFields, long threshold) {
        if (maxKeys < 1 || maxKeys >= Character.MAX_VALUE) {
            throw new IllegalArgumentException("maxKeys must be 1 to 65,534: " + maxKeys);
        }
        if (threshold < 0 || threshold > POSITIONS) {
            throw new IllegalArgumentException("threshold must be a position: " + threshold);
        }
        this.maxKeys = maxKeys;
        this.threshold = threshold;
        this.stride = OWN_FIELDS + moreFields;
        // One comes in before another goes.
        this.fields = new long[(maxKeys + 1) * stride];
        this.heap = new int[maxKeys + 1];
        Arrays.setAll(heap, place -> place);
        this.table = new char[2 * Integer.highestOneBit(2 * maxKeys)];
    }

    /** Mixed once more, so that neither hashes that were mixed badly nor other estimates made of them matter (SplitMix64's finalizer). */
    static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** Where a key lies among all possible ones; the same in every sample. */
    static long position(long mixed) {
        return mixed >>> 32;
    }

    boolean takes(long mixed) {
        return position(mixed) < threshold;
    }

    /** The place of a key; {@link #NONE} when it is not there. */
    int find(long hash, long mixed) {
        int at = home(mixed);
        while (table[at] != 0) {
            if (hash(table[at] - 1) == hash) {
                return table[at] - 1;
            }
            at = next(at);
        }
        return NONE;
    }

    /** Changes when keys go: places that were found before need not be theirs any more. */
    int removals() {
        return removals;
    }

    /** Adds one that it takes and does not have, and returns its place. Ask {@link #nextGone} next. */
    int add(long hash, long mixed, long atMillis) {
        int place = heap[size];
        fields[place * stride + HASH] = hash;
        fields[place * stride + READ_MILLIS] = atMillis;
        fields[place * stride + GAP_MILLIS] = 0;
        int at = home(mixed);
        while (table[at] != 0) {
            at = next(at);
        }
        table[at] = (char) (place + 1);
        rise(size++);
        return place;
    }

    /** The place of one that has to go after one was added, which may be that; until there is {@link #NONE}. */
    int nextGone() {
        boolean isTooMany = size > maxKeys;
        if (isTooMany) {
            // Never to 0, which would take nothing for ever.
            threshold = Math.max(1, positionAt(0));
        }
        if (size == 0 || (!isTooMany && positionAt(0) < threshold)) {
            return NONE;
        }
        int place = heap[0];
        swap(0, --size);
        sink(0);
        unlist(place);
        return place;
    }

    /** Drops one of its keys, which it goes on to take. */
    void drop(int place) {
        int at = 0;
        while (heap[at] != place) {
            at++;
        }
        swap(at, --size);
        order();
        unlist(place);
    }

    /** Forgets keys that were not read since, and tells their places. */
    void forget(long beforeMillis, IntConsumer gone) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int place = heap[i];
            if (readMillis(place) < beforeMillis) {
                unlist(place);
                gone.accept(place);
            } else {
                swap(kept++, i);
            }
        }
        size = kept;
        order();
    }

    private void order() {
        for (int i = size / 2; i >= 0; i--) {
            sink(i);
        }
    }

    /** Takes keys of twice as many positions where half of the room is empty. */
    void grow() {
        if (size <= maxKeys / 2) {
            threshold = Math.min(POSITIONS, threshold * 2);
        }
    }

    /** Positions below this are taken. */
    long threshold() {
        return threshold;
    }

    int size() {
        return size;
    }

    /** Places are below this. */
    int places() {
        return heap.length;
    }

    /** Tells the places of all keys. */
    void forEach(IntConsumer action) {
        for (int i = 0; i < size; i++) {
            action.accept(heap[i]);
        }
    }

    long hash(int place) {
        return fields[place * stride + HASH];
    }

    private long positionAt(int inHeap) {
        return position(mix(hash(heap[inHeap])));
    }

    /** When it was read last, in milliseconds since 1970. */
    long readMillis(int place) {
        return fields[place * stride + READ_MILLIS];
    }

    /** How long before that it was read; 0 when it was not. */
    long gapMillis(int place) {
        return Math.abs(fields[place * stride + GAP_MILLIS]);
    }

    /** Notes that its last read said nothing, so that the next one may stand for both. */
    void owe(int place) {
        fields[place * stride + GAP_MILLIS] = Math.min(-1, -gapMillis(place));
    }

    boolean owes(int place) {
        return fields[place * stride + GAP_MILLIS] < 0;
    }

    void readAt(int place, long millis) {
        long read = readMillis(place);
        fields[place * stride + GAP_MILLIS] = Math.max(0, millis - read);
        fields[place * stride + READ_MILLIS] = Math.max(read, millis);
    }

    /** What others know of it; anything when it has just come. */
    long get(int place, int field) {
        return fields[place * stride + OWN_FIELDS + field];
    }

    void set(int place, int field, long value) {
        fields[place * stride + OWN_FIELDS + field] = value;
    }

    private int home(long mixed) {
        return (int) ((mixed * SECRET) >>> Integer.SIZE) & (table.length - 1);
    }

    private int next(int at) {
        return (at + 1) & (table.length - 1);
    }

    /** Takes a place out of the table, and moves up those behind it that would not be found any more (Knuth, volume 3, 6.4, algorithm R). */
    private void unlist(int place) {
        removals++;
        int empty = home(mix(hash(place)));
        while (table[empty] != place + 1) {
            empty = next(empty);
        }
        for (int at = next(empty); table[at] != 0; at = next(at)) {
            int wanted = home(mix(hash(table[at] - 1)));
            if (((at - wanted) & (table.length - 1)) >= ((at - empty) & (table.length - 1))) {
                table[empty] = table[at];
                empty = at;
            }
        }
        table[empty] = 0;
    }

    private void rise(int from) {
        int at = from;
        while (at > 0 && positionAt(at) > positionAt((at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void sink(int from) {
        int at = from;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && positionAt(child + 1) > positionAt(child)) {
                child++;
            }
            if (positionAt(at) >= positionAt(child)) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private void swap(int left, int right) {
        int place = heap[left];
        heap[left] = heap[right];
        heap[right] = place;
    }
}
