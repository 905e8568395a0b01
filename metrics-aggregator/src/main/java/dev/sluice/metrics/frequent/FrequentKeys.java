package dev.sluice.metrics.frequent;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The keys that were met most often, by their hashes. Of each that is kept it is known how often it was met at least, and of all keys how much
 * oftener that may have been at most: {@link #maxError}, which is never more than the {@link #CAPACITY} + 1st part of what was
 * met. Whatever was met more often than that is kept, for certain. Merged in any order and grouping the bound holds; which of the
 * seldom keys are kept may differ. Not thread-safe.
 *
 * <p>Design: Misra and Gries' summary ("Finding repeated elements", 1982), which holds the same as Space-Saving (Metwally, Agrawal, El
 * Abbadi 2005), the one being the other less its smallest counter; merged as Agarwal et al. show ("Mergeable Summaries", PODS
 * 2012): add counters up, then take the {@link #CAPACITY} + 1st largest from all. What comes one by one is gathered first, so
 * that a batch costs one merge.
 *
 * <p>Encoding, version 1: version, error, number of keys, of each its hash and count.
 */
public final class FrequentKeys {
    /** Keys that are kept: 320 bytes or so, and of what was met 3 % is certain to be seen. */
    public static final int CAPACITY = 32;

    private static final int VERSION = 1;
    private static final int MAX_GATHERED = 1024;
    private static final int FIRST_GATHERED = 16;

    /** Counts below this. */
    private static final int SMALL = 256;

    /** Nobody outside knows it, so nobody can choose keys that are found slowly. */
    private static final long SECRET = ThreadLocalRandom.current().nextLong() | 1;

    private static final ThreadLocal<Desk> DESK = ThreadLocal.withInitial(Desk::new);

    /** Sorted by hash. */
    private long[] hashes = {};

    private long[] counts = {};
    private long error;
    private long[] gathered = {};
    private int gatheredSize;

    /**
     * One that is kept.
     *
     * @param count how often it was met, at least
     */
    public record Frequent(long hash, long count) {}

    /** Meets a key. */
    public void add(long hash) {
        if (gatheredSize == gathered.length) {
            makeRoom(1);
        }
        gathered[gatheredSize++] = hash;
    }

    /** Meets keys. */
    public void add(long[] hashes) {
        int met = 0;
        while (met < hashes.length) {
            int more = Math.min(hashes.length - met, roomFor(hashes.length - met));
            System.arraycopy(hashes, met, gathered, gatheredSize, more);
            gatheredSize += more;
            met += more;
        }
    }

    /** Meets all keys that the other one has met; what the other one says stays as it is. */
    public void merge(FrequentKeys other) {
        settle();
        other.settle();
        error = saturatedSum(error, other.error);
        addUp(other.hashes, other.counts, other.hashes.length);
    }

    /** How much oftener than it says any key may have been met, one that is not kept as well. */
    public long maxError() {
        settle();
        return error;
    }

    /** Those that are kept, the most frequent first. */
    public List<Frequent> top() {
        settle();
        List<Frequent> top = new ArrayList<>(hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            top.add(new Frequent(hashes[i], counts[i]));
        }
        top.sort(Comparator.comparingLong(Frequent::count).reversed().thenComparingLong(Frequent::hash));
        return top;
    }

    public void encode(CompactWriter out) {
        settle();
        out.writeByte(VERSION).writeCount(error).writeCount(hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            out.writeFixed(hashes[i]).writeCount(counts[i]);
        }
    }

    /** Reads what was encoded; refuses anything else. */
    public static FrequentKeys decode(CompactReader in) {
        in.expectVersion(VERSION);
        FrequentKeys keys = new FrequentKeys();
        keys.error = in.readCount();
        long size = in.readCount();
        if (size > CAPACITY) {
            throw new MalformedBytesException("has " + size + " frequent keys, which is more than " + CAPACITY);
        }
        keys.hashes = new long[(int) size];
        keys.counts = new long[(int) size];
        for (int i = 0; i < size; i++) {
            keys.hashes[i] = in.readFixed();
            keys.counts[i] = in.readCount();
            if (keys.counts[i] == 0 || (i > 0 && keys.hashes[i] <= keys.hashes[i - 1])) {
                throw new MalformedBytesException("has frequent keys out of order, or one that was never met");
            }
        }
        return keys;
    }

    /** How many of so many can be gathered now; at least one. */
    private int roomFor(int wanted) {
        if (gatheredSize + wanted > gathered.length) {
            makeRoom(wanted);
        }
        return gathered.length - gatheredSize;
    }

    private void makeRoom(int wanted) {
        if (gathered.length < MAX_GATHERED) {
            int enough = Math.max(FIRST_GATHERED, Math.max(4 * gathered.length, gatheredSize + wanted));
            gathered = Arrays.copyOf(gathered, Math.min(MAX_GATHERED, enough));
        }
        if (gatheredSize == gathered.length) {
            settle();
        }
    }

    @Override
    public String toString() {
        return "FrequentKeys[" + top() + ", error=" + error + "]";
    }

    /** Counts what was gathered, and with it what was counted before. */
    private void settle() {
        if (gatheredSize == 0) {
            return;
        }
        Desk desk = DESK.get();
        int size = hashes.length;
        desk.clear(size + gatheredSize);
        System.arraycopy(hashes, 0, desk.different, 0, size);
        System.arraycopy(counts, 0, desk.times, 0, size);
        for (int i = 0; i < size; i++) {
            desk.places[desk.place(hashes[i])] = (short) (i + 1);
        }
        for (int i = 0; i < gatheredSize; i++) {
            int place = desk.place(gathered[i]);
            int known = desk.places[place] - 1;
            if (known >= 0) {
                desk.times[known] = saturatedSum(desk.times[known], 1);
            } else {
                desk.different[size] = gathered[i];
                desk.times[size++] = 1;
                desk.places[place] = (short) size;
            }
        }
        gatheredSize = 0;
        keepLargest(desk.different, desk.times, size);
        sort();
    }

    /** Where keys are counted before those that are kept are known; 25 kB, so a thread has one for all it counts. */
    private static final class Desk {
        private final long[] different = new long[CAPACITY + MAX_GATHERED];
        private final long[] times = new long[different.length];

        /** By linear probing: where in these, and one. */
        private final short[] places = new short[roomFor(different.length)];

        private int mask;

        private static int roomFor(int keys) {
            return 4 * Integer.highestOneBit(keys);
        }

        void clear(int keys) {
            int room = roomFor(keys);
            Arrays.fill(places, 0, room, (short) 0);
            mask = room - 1;
        }

        /** Where a hash is among the places, or may be put. */
        int place(long hash) {
            int at = (int) ((hash * SECRET) >>> Integer.SIZE) & mask;
            while (places[at] != 0 && different[places[at] - 1] != hash) {
                at = (at + 1) & mask;
            }
            return at;
        }
    }

    /** By hash; there are few. */
    private void sort() {
        for (int i = 1; i < hashes.length; i++) {
            long hash = hashes[i];
            long count = counts[i];
            int at = i;
            for (; at > 0 && hashes[at - 1] > hash; at--) {
                hashes[at] = hashes[at - 1];
                counts[at] = counts[at - 1];
            }
            hashes[at] = hash;
            counts[at] = count;
        }
    }

    /** Adds counters, sorted by hash, to the own ones. */
    private void addUp(long[] others, long[] times, int size) {
        long[] sumHashes = new long[hashes.length + size];
        long[] sumCounts = new long[sumHashes.length];
        int own = 0;
        int other = 0;
        int sum = 0;
        while (own < hashes.length || other < size) {
            boolean fromOwn = other == size || (own < hashes.length && hashes[own] <= others[other]);
            boolean fromOther = own == hashes.length || (other < size && others[other] <= hashes[own]);
            sumHashes[sum] = fromOwn ? hashes[own] : others[other];
            sumCounts[sum++] = saturatedSum(fromOwn ? counts[own] : 0, fromOther ? times[other] : 0);
            own += fromOwn ? 1 : 0;
            other += fromOther ? 1 : 0;
        }
        keepLargest(sumHashes, sumCounts, sum);
    }

    private void keepLargest(long[] allHashes, long[] allCounts, int size) {
        long taken = size > CAPACITY ? firstNotKept(allCounts, size) : 0;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (allCounts[i] > taken) {
                allHashes[kept] = allHashes[i];
                allCounts[kept++] = allCounts[i] - taken;
            }
        }
        hashes = Arrays.copyOf(allHashes, kept);
        counts = Arrays.copyOf(allCounts, kept);
        error = saturatedSum(error, taken);
    }

    /** The largest count but {@link #CAPACITY}. Nearly always it is a small one, which is found without sorting. */
    private static long firstNotKept(long[] counts, int size) {
        int[] small = new int[SMALL];
        for (int i = 0; i < size; i++) {
            small[(int) Math.min(counts[i], SMALL - 1)]++;
        }
        int larger = 0;
        for (int count = SMALL - 1; count > 0; count--) {
            larger += small[count];
            if (larger > CAPACITY && count < SMALL - 1) {
                return count;
            }
            if (larger > CAPACITY) {
                break;
            }
        }
        long[] sorted = Arrays.copyOf(counts, size);
        Arrays.sort(sorted);
        return sorted[size - 1 - CAPACITY];
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
