package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.util.Arrays;

/**
 * Plays the reads of sampled keys again with other TTLs as they come in: for each TTL it knows when the value would have been made that a key has now. A read hits where that
 * is less than the TTL ago; else the value is made anew then. Sizes do not matter here, and what was removed, evicted or never there is missed with every TTL.
 *
 * <p>Encoding, version 1: version, threshold, number of keys, of each its hash, when it was read, how long before that the value was made that it has, 0 when nobody knows, and
 * how long before it those of each TTL were. Not thread-safe.
 */
final class TtlReplay {
    private static final int VERSION = 1;

    private final KeySample<Key> sample;

    /** How a read ended. */
    enum Ending {
        HIT,
        /** A value was there and too old; it may have been served all the same. */
        EXPIRED,
        /** Whatever the TTL. */
        MISSED
    }

    private static final class Key extends SampledKey {
        private final long[] madeMillis = new long[TtlTally.TTLS];

        /** When the value was made that it really has; 0 when nobody knows. */
        private long knownMillis;

        Key(long hash, long readMillis) {
            super(hash, readMillis);
            Arrays.fill(madeMillis, readMillis);
        }
    }

    TtlReplay(int maxKeys) {
        this(new KeySample<>(maxKeys));
    }

    private TtlReplay(KeySample<Key> sample) {
        this.sample = sample;
    }

    /**
     * A key was read; what that says goes into the tally.
     *
     * @param isHit whether the read got a value, be it an old one
     */
    void read(long hash, Ending ending, boolean isHit, long atMillis, TtlTally tally) {
        if (!sample.takes(hash)) {
            return;
        }
        double weight = (double) KeySample.POSITIONS / sample.threshold();
        Key key = sample.find(hash);
        if (key == null) {
            key = new Key(hash, atMillis);
            sample.add(key);
            if (ending == Ending.MISSED) {
                tally.read(weight, false);
            }
        } else {
            tally.read(weight, isHit);
            if (ending == Ending.EXPIRED && key.knownMillis > 0) {
                tally.expired(Math.max(0, atMillis - key.knownMillis));
            }
            replay(key, ending, weight, atMillis, tally);
        }
        key.knownMillis = ending == Ending.HIT ? key.knownMillis : atMillis;
        key.readAt(atMillis);
        tally.sampled(sample.keys().size());
    }

    private static void replay(Key key, Ending ending, double weight, long atMillis, TtlTally tally) {
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            long age = Math.max(0, atMillis - key.madeMillis[ttl]);
            if (ending == Ending.MISSED || age >= TtlTally.ttlMillis(ttl)) {
                key.madeMillis[ttl] = atMillis;
            } else {
                tally.hit(ttl, weight, age);
            }
        }
    }

    /** Forgets keys that were not read since, and lets others in for them. */
    void forget(long beforeMillis) {
        sample.forget(beforeMillis);
        sample.grow();
    }

    void encode(CompactWriter out) {
        out.writeByte(VERSION)
                .writeCount(sample.threshold())
                .writeCount(sample.keys().size());
        for (Key key : sample.keys()) {
            out.writeFixed(key.hash()).writeCount(Math.max(0, key.readMillis()));
            out.writeSigned(key.knownMillis == 0 ? 0 : key.readMillis() - key.knownMillis + 1);
            for (long made : key.madeMillis) {
                out.writeSigned(key.readMillis() - made);
            }
        }
    }

    /** Goes on from what was encoded; refuses anything else. */
    static TtlReplay decode(CompactReader in, int maxKeys) {
        in.expectVersion(VERSION);
        KeySample<Key> sample = new KeySample<>(maxKeys, Math.min(in.readCount(), KeySample.POSITIONS));
        for (long left = in.readCount(); left > 0; left--) {
            Key key = new Key(in.readFixed(), in.readCount());
            long known = in.readSigned();
            key.knownMillis = known == 0 ? 0 : key.readMillis() - known + 1;
            for (int ttl = 0; ttl < key.madeMillis.length; ttl++) {
                key.madeMillis[ttl] = key.readMillis() - in.readSigned();
            }
            sample.add(key);
        }
        return new TtlReplay(sample);
    }
}
