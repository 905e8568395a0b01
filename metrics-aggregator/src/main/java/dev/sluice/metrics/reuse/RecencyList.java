package dev.sluice.metrics.reuse;

import java.util.function.IntConsumer;

/**
 * The keys of a sample in the order in which they were read last, of which it is known how many, and how large values of theirs, were read since any of them was. Each is in a slot; slots are given out in order, and
 * numbered anew when they run out, every three times as many reads as there are keys.
 *
 * <p>Source: Bennett and Kruskal, "LRU Stack Processing", 1975, whose tree over the order of reads is flat here: a bit for each slot, and sums of 64 and of 1,024 of them. A read changes one bit and a few sums,
 * where it changes a dozen of a tree; what is counted of some thousand keys is a dozen words of bits and as many sums. Not thread-safe.
 */
final class RecencyList {
    /** What it has of each key of the sample. */
    static final int FIELDS = 2;

    private static final int SIZE = 0;
    private static final int SLOT = 1;

    private static final int NOWHERE = -1;
    private static final int WORD_BITS = 6;
    private static final int GROUP_BITS = 10;
    private static final int GROUP = 1 << GROUP_BITS;
    private static final int WORDS_OF_GROUP = GROUP >>> WORD_BITS;

    /** Slots for each key. */
    private static final int SPARE = 4;

    private final KeySample sample;

    /** Who was put into a slot; it is there still if its own slot is this. */
    private final int[] placeAt;

    private final long[] counted;
    private final long[] wordSizes;
    private final int[] groupCounts;
    private final long[] groupSizes;
    private int nextSlot;

    /** @param sample with fields for this alone, and no key */
    RecencyList(KeySample sample) {
        int groups = (SPARE * sample.places() + GROUP - 1) / GROUP;
        this.sample = sample;
        this.placeAt = new int[groups * GROUP];
        this.counted = new long[groups * WORDS_OF_GROUP];
        this.wordSizes = new long[groups * WORDS_OF_GROUP];
        this.groupCounts = new int[groups];
        this.groupSizes = new long[groups];
    }

    long size(int place) {
        return sample.get(place, SIZE);
    }

    private int slot(int place) {
        return (int) sample.get(place, SLOT);
    }

    /** How many that count were used since that one was, which is there. */
    int countAfter(int place) {
        int slot = slot(place);
        int word = slot >>> WORD_BITS;
        int group = slot >>> GROUP_BITS;
        int count = Long.bitCount(after(slot));
        int end = (group + 1) * WORDS_OF_GROUP;
        for (int i = word + 1; i < end; i++) {
            count += Long.bitCount(counted[i]);
        }
        int groups = (nextSlot + GROUP - 1) >>> GROUP_BITS;
        for (int i = group + 1; i < groups; i++) {
            count += groupCounts[i];
        }
        return count;
    }

    /** How large the values of all these are; of the keys of one word it is known how large they are in all. */
    double sizeAfter(int place) {
        int slot = slot(place);
        int word = slot >>> WORD_BITS;
        int group = slot >>> GROUP_BITS;
        int behind = Long.bitCount(after(slot));
        double size = behind == 0
                ? 0
                : (double) behind / (Long.bitCount(counted[word]) - 1) * (double) (wordSizes[word] - size(place));
        int end = (group + 1) * WORDS_OF_GROUP;
        for (int i = word + 1; i < end; i++) {
            size += (double) wordSizes[i];
        }
        int groups = (nextSlot + GROUP - 1) >>> GROUP_BITS;
        for (int i = group + 1; i < groups; i++) {
            size += (double) groupSizes[i];
        }
        return size;
    }

    /** Those of its word that are behind a slot. */
    private long after(int slot) {
        return counted[slot >>> WORD_BITS] & (-2L << slot);
    }

    /**
     * A key has come in.
     *
     * @param counts whether it is among those that are counted
     */
    void add(int place, long size, boolean counts) {
        sample.set(place, SLOT, NOWHERE);
        put(place, size, counts);
    }

    /** A key that is here is read. */
    void read(int place, long size, boolean counts) {
        int slot = slot(place);
        if (slot == nextSlot - 1) {
            if (counts) {
                grow(slot, size - size(place));
            }
            sample.set(place, SIZE, size);
            return;
        }
        remove(place);
        put(place, size, counts);
    }

    void remove(int place) {
        int slot = slot(place);
        int word = slot >>> WORD_BITS;
        if ((counted[word] & 1L << slot) != 0) {
            counted[word] &= ~(1L << slot);
            groupCounts[slot >>> GROUP_BITS]--;
            grow(slot, -size(place));
        }
        sample.set(place, SLOT, NOWHERE);
    }

    /** Counts one that is here and was not counted. */
    void count(int place) {
        int slot = slot(place);
        counted[slot >>> WORD_BITS] |= 1L << slot;
        groupCounts[slot >>> GROUP_BITS]++;
        grow(slot, size(place));
    }

    boolean isCounted(int place) {
        int slot = slot(place);
        return (counted[slot >>> WORD_BITS] & 1L << slot) != 0;
    }

    /** Tells all of them, the one that was read longest ago first. */
    void forEach(IntConsumer action) {
        for (int slot = 0; slot < nextSlot; slot++) {
            if (slot(placeAt[slot]) == slot) {
                action.accept(placeAt[slot]);
            }
        }
    }

    private void grow(int slot, long more) {
        wordSizes[slot >>> WORD_BITS] += more;
        groupSizes[slot >>> GROUP_BITS] += more;
    }

    private void put(int place, long size, boolean counts) {
        if (nextSlot == placeAt.length) {
            renumber();
        }
        placeAt[nextSlot] = place;
        sample.set(place, SLOT, nextSlot);
        sample.set(place, SIZE, size);
        nextSlot++;
        if (counts) {
            count(place);
        }
    }

    private void renumber() {
        int used = nextSlot;
        nextSlot = 0;
        for (int slot = 0; slot < used; slot++) {
            int place = placeAt[slot];
            if (slot(place) == slot) {
                boolean counts = isCounted(place);
                remove(place);
                put(place, size(place), counts);
            }
        }
    }
}
