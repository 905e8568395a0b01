package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many other keys one node reads between two reads of the same key: an LRU cache of that many keys, and one, would have had it still. Kept for a sample of the keys,
 * and scaled by what part of all keys that is.
 *
 * <p>Source: SHARDS with a sample of fixed size, as {@link KeySample} says; distances by a Fenwick tree over the order of the last reads (Olken,
 * "Efficient Methods for Calculating the Success Function of Fixed Space Replacement Policies", 1981, with a tree of counts in place of his). The slots
 * of the tree are given out in the order of reads and numbered anew when they run out, every three times as many reads as there are keys, so that a read takes O(log n).
 * A second tree has the sizes of the values.
 *
 * <p>Encoding, version 1: version, threshold, what is learned, when the rest is, number of keys, of each, in the order of their last reads, its hash, when
 * that was after the one before, and its size. Not thread-safe.
 */
final class ReuseDistances {
    private static final int VERSION = 1;

    /** Slots for each key. */
    private static final int SPARE = 4;

    /** Keys of which nobody knows yet when they were read last count only after that. */
    private static final Duration LEARNING = Duration.ofHours(1);

    private static final long MAX_SIZE = 1L << 40;

    private final KeySample<Key> sample;
    private final FenwickTree counts;
    private final FenwickTree sizes;
    private final int slots;
    private int nextSlot;
    private long nextOrder;

    /** Keys from here on were let in a short while ago. */
    private long learnedBelow;

    private long learnedAtMillis;

    /**
     * What a read of a sampled key says.
     *
     * @param weight how many reads it stands for
     * @param keys an LRU cache of so many would have had it; infinite when the key was not read before
     * @param bytes the same in bytes of values
     * @param afterMillis how long after the one before it came
     */
    record Reuse(double weight, double keys, double bytes, long afterMillis) {
        boolean isFirst() {
            return Double.isInfinite(keys);
        }
    }

    private static final class Key extends SampledKey {
        private static final int NOWHERE = -1;

        private int slot = NOWHERE;
        private long order;
        private long size;

        Key(long hash, long readMillis, long size) {
            super(hash, readMillis);
            this.size = size;
        }
    }

    ReuseDistances(int maxKeys) {
        this(new KeySample<>(maxKeys), maxKeys, KeySample.POSITIONS, 0);
    }

    private ReuseDistances(KeySample<Key> sample, int maxKeys, long learnedBelow, long learnedAtMillis) {
        this.sample = sample;
        this.slots = SPARE * (maxKeys + 1);
        this.counts = new FenwickTree(slots);
        this.sizes = new FenwickTree(slots);
        this.learnedBelow = learnedBelow;
        this.learnedAtMillis = learnedAtMillis;
    }

    /**
     * A key was read. Null when it says nothing: it is not in the sample, or not for long enough.
     *
     * @param sizeBytes of the value; 0 when there was none, which leaves what was known
     */
    @Nullable
    Reuse read(long hash, long sizeBytes, long atMillis) {
        if (!sample.takes(hash)) {
            return null;
        }
        learn(atMillis);
        if (nextSlot == slots) {
            renumber();
        }
        double rate = (double) learnedBelow / KeySample.POSITIONS;
        Key key = sample.find(hash);
        if (key == null) {
            Key met = new Key(hash, atMillis, Math.clamp(sizeBytes, 0, MAX_SIZE));
            place(met);
            boolean isCounted = met.slot != Key.NOWHERE;
            sample.add(met).forEach(this::remove);
            learnedBelow = Math.min(learnedBelow, sample.threshold());
            return isCounted ? new Reuse(1 / rate, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0) : null;
        }
        Reuse reuse = key.slot == Key.NOWHERE ? null : reuse(key, rate, atMillis);
        remove(key);
        key.readAt(atMillis);
        key.size = sizeBytes > 0 ? Math.min(sizeBytes, MAX_SIZE) : key.size;
        place(key);
        return reuse;
    }

    private Reuse reuse(Key key, double rate, long atMillis) {
        return new Reuse(
                1 / rate,
                (double) counts.after(key.slot) / rate + 1,
                (double) sizes.after(key.slot) / rate + (double) key.size,
                Math.max(0, atMillis - key.readMillis()));
    }

    /** Forgets keys that were not read since, and lets others in for them, which count once they are known. */
    void forget(long beforeMillis, long nowMillis) {
        learn(nowMillis);
        sample.forget(beforeMillis).forEach(this::remove);
        if (sample.threshold() > learnedBelow) {
            return;
        }
        sample.grow();
        learnedAtMillis = sample.threshold() > learnedBelow ? nowMillis + LEARNING.toMillis() : 0;
    }

    int keys() {
        return sample.keys().size();
    }

    /** Positions below this count. */
    long threshold() {
        return learnedBelow;
    }

    private void learn(long nowMillis) {
        if (learnedBelow < sample.threshold() && nowMillis >= learnedAtMillis) {
            learnedBelow = sample.threshold();
            learnedAtMillis = 0;
            renumber();
        }
    }

    private void place(Key key) {
        key.order = nextOrder++;
        if (key.position() < learnedBelow) {
            key.slot = nextSlot++;
            counts.add(key.slot, 1);
            sizes.add(key.slot, key.size);
        }
    }

    private void remove(Key key) {
        if (key.slot != Key.NOWHERE) {
            counts.add(key.slot, -1);
            sizes.add(key.slot, -key.size);
            key.slot = Key.NOWHERE;
        }
    }

    private void renumber() {
        counts.clear();
        sizes.clear();
        nextSlot = 0;
        inOrder().forEach(key -> {
            key.slot = Key.NOWHERE;
            place(key);
        });
    }

    private List<Key> inOrder() {
        return sample.keys().stream()
                .sorted(Comparator.comparingLong(key -> key.order))
                .toList();
    }

    void encode(CompactWriter out) {
        List<Key> keys = inOrder();
        out.writeByte(VERSION).writeCount(sample.threshold()).writeCount(learnedBelow);
        out.writeCount(learnedAtMillis).writeCount(keys.size());
        long before = 0;
        for (Key key : keys) {
            out.writeFixed(key.hash()).writeSigned(key.readMillis() - before).writeCount(key.size);
            before = key.readMillis();
        }
    }

    /** Goes on from what was encoded; refuses anything else. */
    static ReuseDistances decode(CompactReader in, int maxKeys) {
        in.expectVersion(VERSION);
        KeySample<Key> sample = new KeySample<>(maxKeys, Math.min(in.readCount(), KeySample.POSITIONS));
        ReuseDistances distances = new ReuseDistances(sample, maxKeys, in.readCount(), in.readCount());
        long before = 0;
        for (long left = in.readCount(); left > 0; left--) {
            long hash = in.readFixed();
            before += in.readSigned();
            Key key = new Key(hash, before, in.readCount());
            if (distances.nextSlot == distances.slots) {
                distances.renumber();
            }
            distances.place(key);
            sample.add(key).forEach(distances::remove);
        }
        distances.learnedBelow = Math.min(distances.learnedBelow, sample.threshold());
        return distances;
    }
}
