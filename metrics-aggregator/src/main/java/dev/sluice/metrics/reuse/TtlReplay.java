package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.util.Arrays;

/**
 * Plays the reads of sampled keys again with other TTLs as they come in: for each TTL it knows when the value would have been made that a key has now. A read hits where that
 * is less than the TTL ago; else the value is made anew then. Sizes do not matter here, and what was removed, evicted or never there is missed with every TTL. Of each key it is known when the next
 * of its values expires: until then there is nothing to make anew, and where there are very many reads, some of them stand for all, as {@link Shifts} says.
 *
 * <p>Encoding, version 1: version, threshold, number of keys, of each its hash, when it was read, how long before that the value was made that it has, 0 when nobody knows, and
 * how long before it those of each TTL were. Not thread-safe.
 */
final class TtlReplay {
    private static final int VERSION = 1;
    private static final int TTLS = TtlTally.TTLS;

    /** When the value of each TTL was made that a key has, from here on. */
    private static final int MADE = 0;

    /** When the next of them expires. */
    private static final int EXPIRES = MADE + TTLS;

    /** When the value was made that it really has; 0 when nobody knows. */
    private static final int KNOWN = EXPIRES + 1;

    private static final int FIELDS = KNOWN + 1;

    /** In place of when its value was made: it was not read yet. */
    private static final long EXPECTED = -1;

    private final KeySample sample;
    private final Shifts shifts;

    /** How a read ended. */
    enum Ending {
        HIT,
        /** A value was there and too old; it may have been served all the same. */
        EXPIRED,
        /** Whatever the TTL. */
        MISSED
    }

    TtlReplay(int maxKeys) {
        this(new KeySample(maxKeys, FIELDS, KeySample.POSITIONS));
    }

    private TtlReplay(KeySample sample) {
        this(sample, new Shifts(sample.places()));
    }

    private TtlReplay(KeySample sample, Shifts shifts) {
        this.sample = sample;
        this.shifts = shifts;
    }

    /** One that follows the same reads, for other keys, which it is told with {@link #expect}. */
    TtlReplay beside(int maxKeys) {
        return new TtlReplay(new KeySample(maxKeys, FIELDS, KeySample.POSITIONS), shifts);
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
     * A key was read that it takes; what that says goes into the tally.
     *
     * @param mixed the hash by {@link KeySample#mix}
     * @param place where it is in the sample
     * @param isHit whether the read got a value, be it an old one
     * @param weight how many reads it stands for
     */
    void read(
            long hash, long mixed, int place, Ending ending, boolean isHit, int weight, long atMillis, TtlTally tally) {
        double scaled = (double) weight * KeySample.POSITIONS / sample.threshold();
        if (place == KeySample.NONE || sample.get(place, KNOWN) == EXPECTED) {
            meet(place == KeySample.NONE ? sample.add(hash, mixed, atMillis) : place, ending, atMillis);
            if (ending == Ending.MISSED) {
                tally.read(scaled, false);
            }
            dropGone();
            return;
        }
        boolean isKnown = shifts.hasFollowed(sample.readMillis(place), sample.gapMillis(place));
        double forAll = isKnown ? (sample.owes(place) ? 2 * scaled : scaled) : 0;
        long known = sample.get(place, KNOWN);
        if (isKnown) {
            tally.read(forAll, isHit);
            if (ending == Ending.EXPIRED && known > 0) {
                tally.expired(Math.max(0, atMillis - known));
            }
        }
        if (!isKnown) {
            goOn(place, atMillis);
        }
        replay(place, ending, forAll, atMillis, tally);
        sample.set(place, KNOWN, ending == Ending.HIT ? known : atMillis);
        sample.readAt(place, atMillis);
        if (!isKnown) {
            sample.owe(place);
        }
    }

    /** Takes in a key that is to be followed from now on: its first read says no more than that of one which is met by chance. */
    void expect(long hash, long mixed, long atMillis) {
        int place = sample.add(hash, mixed, atMillis);
        sample.set(place, KNOWN, EXPECTED);
    }

    /** Follows a key no more, until it is read again. */
    void drop(long hash, long mixed) {
        int place = sample.find(hash, mixed);
        if (place != KeySample.NONE) {
            sample.drop(place);
        }
    }

    /** Follows no others any more. */
    void keep(long... sortedHashes) {
        int[] others = new int[sample.size()];
        int[] count = {0};
        sample.forEach(place -> {
            if (Arrays.binarySearch(sortedHashes, sample.hash(place)) < 0) {
                others[count[0]++] = place;
            }
        });
        for (int i = 0; i < count[0]; i++) {
            sample.drop(others[i]);
        }
    }

    private void meet(int place, Ending ending, long atMillis) {
        sample.readAt(place, atMillis);
        makeAll(place, atMillis);
        sample.set(place, KNOWN, ending == Ending.HIT ? 0 : atMillis);
    }

    private void dropGone() {
        int gone = sample.nextGone();
        while (gone != KeySample.NONE) {
            gone = sample.nextGone();
        }
    }

    private void replay(int place, Ending ending, double weight, long atMillis, TtlTally tally) {
        if (ending == Ending.MISSED) {
            makeAll(place, atMillis);
            return;
        }
        if (weight > 0) {
            count(place, weight, atMillis, tally);
        }
        if (atMillis >= sample.get(place, EXPIRES)) {
            makeExpired(place, atMillis);
        }
    }

    /**
     * In a rest values expired, and were made anew by reads that nobody followed, which came as far apart as those before. Were they taken for made now, those of all keys would be new at the end of a rest.
     */
    private void goOn(int place, long atMillis) {
        long gap = sample.gapMillis(place);
        for (int ttl = 0; ttl < TTLS; ttl++) {
            long length = TtlTally.ttlMillis(ttl);
            long age = atMillis - sample.get(place, MADE + ttl);
            if (age >= length) {
                sample.set(place, MADE + ttl, atMillis - age % (length + gap));
            }
        }
        // Whoever has one of these finds out with this read what expires next: what expired was the next to do so.
    }

    private void count(int place, double weight, long atMillis, TtlTally tally) {
        for (int ttl = 0; ttl < TTLS; ttl++) {
            long age = Math.max(0, atMillis - sample.get(place, MADE + ttl));
            if (age < TtlTally.ttlMillis(ttl)) {
                tally.hit(ttl, weight, (double) age);
            }
        }
    }

    private void makeAll(int place, long atMillis) {
        for (int ttl = 0; ttl < TTLS; ttl++) {
            sample.set(place, MADE + ttl, atMillis);
        }
        sample.set(place, EXPIRES, atMillis + TtlTally.ttlMillis(0));
    }

    private void makeExpired(int place, long atMillis) {
        long next = Long.MAX_VALUE;
        for (int ttl = 0; ttl < TTLS; ttl++) {
            long length = TtlTally.ttlMillis(ttl);
            long made = sample.get(place, MADE + ttl);
            long now = atMillis - made >= length ? atMillis : made;
            sample.set(place, MADE + ttl, now);
            next = Math.min(next, now + length);
        }
        sample.set(place, EXPIRES, next);
    }

    /** Forgets keys that were not read since, and lets others in for them. */
    void forget(long beforeMillis) {
        sample.forget(beforeMillis, place -> {});
        sample.grow();
    }

    void encode(CompactWriter out) {
        out.writeByte(VERSION).writeCount(sample.threshold()).writeCount(sample.size());
        sample.forEach(place -> {
            long read = sample.readMillis(place);
            out.writeFixed(sample.hash(place)).writeCount(Math.max(0, read));
            long known = sample.get(place, KNOWN);
            out.writeSigned(known == 0 ? 0 : read - known + 1);
            for (int ttl = 0; ttl < TTLS; ttl++) {
                out.writeSigned(read - sample.get(place, MADE + ttl));
            }
        });
    }

    /** Goes on from what was encoded; refuses anything else. */
    static TtlReplay decode(CompactReader in, int maxKeys) {
        in.expectVersion(VERSION);
        TtlReplay replay = new TtlReplay(new KeySample(maxKeys, FIELDS, Math.min(in.readCount(), KeySample.POSITIONS)));
        for (long left = in.readCount(); left > 0; left--) {
            replay.resume(in.readFixed(), in.readCount(), in);
        }
        return replay;
    }

    private void resume(long hash, long readMillis, CompactReader in) {
        long mixed = KeySample.mix(hash);
        int found = sample.find(hash, mixed);
        int place = found == KeySample.NONE ? sample.add(hash, mixed, readMillis) : found;
        long known = in.readSigned();
        sample.set(place, KNOWN, known == 0 ? 0 : readMillis - known + 1);
        for (int ttl = 0; ttl < TTLS; ttl++) {
            sample.set(place, MADE + ttl, readMillis - in.readSigned());
        }
        // Finds out with the next read.
        sample.set(place, EXPIRES, Long.MIN_VALUE);
        dropGone();
    }
}
