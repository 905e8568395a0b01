package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.time.Duration;

/**
 * How many other keys one node reads between two reads of the same key: an LRU cache of that many keys, and one, would have had it still. Kept for a sample of the keys,
 * and scaled by what part of all keys that is.
 *
 * <p>Source: SHARDS with a sample of fixed size, as {@link KeySample} says; distances by {@link RecencyList}. Where there are very many reads, some of them stand for all, as {@link Shifts} says.
 *
 * <p>Encoding, version 1: version, threshold, what is learned, when the rest is, number of keys, of each, in the order of their last reads, its hash, when
 * that was after the one before, and its size. Not thread-safe.
 */
final class ReuseDistances {
    private static final int VERSION = 1;

    /** Keys of which nobody knows yet when they were read last count only after that. */
    private static final Duration LEARNING = Duration.ofHours(1);

    private static final long MAX_SIZE = 1L << 40;

    private final KeySample sample;
    private final RecencyList order;
    private final Shifts shifts;

    /** Keys from here on were let in a short while ago. */
    private long learnedBelow;

    private long learnedAtMillis;

    ReuseDistances(int maxKeys) {
        this(new KeySample(maxKeys, RecencyList.FIELDS, KeySample.POSITIONS), KeySample.POSITIONS, 0);
    }

    private ReuseDistances(KeySample sample, long learnedBelow, long learnedAtMillis) {
        this.sample = sample;
        this.order = new RecencyList(sample);
        this.shifts = new Shifts(sample.places());
        this.learnedBelow = learnedBelow;
        this.learnedAtMillis = learnedAtMillis;
    }

    /** When they do. */
    Shifts shifts() {
        return shifts;
    }

    /** Whose reads say anything. */
    KeySample sample() {
        return sample;
    }

    /**
     * A key was read that it takes; what that says goes into the tally: nothing when it is not in the sample for long enough.
     *
     * @param mixed the hash by {@link KeySample#mix}
     * @param place where it is in the sample
     * @param sizeBytes of the value; 0 when there was none, which leaves what was known
     * @param isFirstLevelHit whether the first level had it
     * @param isKept whether it did not miss that for want of room
     * @param weight how many reads it stands for
     */
    void read(
            long hash,
            long mixed,
            int place,
            long sizeBytes,
            boolean isFirstLevelHit,
            boolean isKept,
            int weight,
            long atMillis,
            ReuseTally tally) {
        learn(atMillis);
        boolean counts = KeySample.position(mixed) < learnedBelow;
        double scale = (double) KeySample.POSITIONS / learnedBelow;
        if (place == KeySample.NONE) {
            meet(hash, mixed, Math.clamp(sizeBytes, 0, MAX_SIZE), atMillis, counts);
            if (counts) {
                tally.first(weight * scale, isFirstLevelHit);
            }
            return;
        }
        long size = sizeBytes > 0 ? Math.min(sizeBytes, MAX_SIZE) : order.size(place);
        long readMillis = sample.readMillis(place);
        boolean owes = sample.owes(place);
        boolean isKnown = shifts.hasFollowed(readMillis, sample.gapMillis(place));
        if (counts && isKnown) {
            tally.again(
                    (owes ? 2 * weight : weight) * scale,
                    order.countAfter(place) * scale + 1,
                    order.sizeAfter(place) * scale + (double) order.size(place),
                    Math.max(0, atMillis - readMillis),
                    isKept);
        } else if (counts && owes) {
            tally.unknown(weight * scale);
        }
        order.read(place, size, counts);
        sample.readAt(place, atMillis);
        if (!isKnown) {
            sample.owe(place);
        }
    }

    private void meet(long hash, long mixed, long size, long atMillis, boolean counts) {
        order.add(sample.add(hash, mixed, atMillis), size, counts);
        dropGone();
        learnedBelow = Math.min(learnedBelow, sample.threshold());
    }

    private void dropGone() {
        for (int gone = sample.nextGone(); gone != KeySample.NONE; gone = sample.nextGone()) {
            order.remove(gone);
        }
    }

    /** Forgets keys that were not read since, and lets others in for them, which count once they are known. */
    void forget(long beforeMillis, long nowMillis) {
        learn(nowMillis);
        sample.forget(beforeMillis, order::remove);
        if (sample.threshold() > learnedBelow) {
            return;
        }
        sample.grow();
        learnedAtMillis = sample.threshold() > learnedBelow ? nowMillis + LEARNING.toMillis() : 0;
    }

    int keys() {
        return sample.size();
    }

    /** Positions below this count. */
    long threshold() {
        return learnedBelow;
    }

    private void learn(long nowMillis) {
        if (learnedBelow < sample.threshold() && nowMillis >= learnedAtMillis) {
            learnedBelow = sample.threshold();
            learnedAtMillis = 0;
            sample.forEach(place -> {
                if (!order.isCounted(place)) {
                    order.count(place);
                }
            });
        }
    }

    void encode(CompactWriter out) {
        out.writeByte(VERSION).writeCount(sample.threshold()).writeCount(learnedBelow);
        out.writeCount(learnedAtMillis).writeCount(sample.size());
        long[] before = {0};
        order.forEach(place -> {
            out.writeFixed(sample.hash(place)).writeSigned(sample.readMillis(place) - before[0]);
            out.writeCount(order.size(place));
            before[0] = sample.readMillis(place);
        });
    }

    /** Goes on from what was encoded; refuses anything else. */
    static ReuseDistances decode(CompactReader in, int maxKeys) {
        in.expectVersion(VERSION);
        KeySample sample = new KeySample(maxKeys, RecencyList.FIELDS, Math.min(in.readCount(), KeySample.POSITIONS));
        ReuseDistances distances = new ReuseDistances(sample, in.readCount(), in.readCount());
        long before = 0;
        for (long left = in.readCount(); left > 0; left--) {
            long hash = in.readFixed();
            long mixed = KeySample.mix(hash);
            before += in.readSigned();
            distances.meetAgain(hash, mixed, before, in.readCount());
        }
        distances.learnedBelow = Math.min(distances.learnedBelow, sample.threshold());
        return distances;
    }

    private void meetAgain(long hash, long mixed, long readMillis, long size) {
        if (sample.find(hash, mixed) == KeySample.NONE) {
            meet(hash, mixed, Math.clamp(size, 0, MAX_SIZE), readMillis, KeySample.position(mixed) < learnedBelow);
        }
    }
}
