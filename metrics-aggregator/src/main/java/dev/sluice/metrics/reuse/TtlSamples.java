package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.util.List;

/**
 * Whose reads are replayed with other TTLs: keys chosen by their hash, which stand for the others, and the keys that are read most, each for itself. Were those chosen by chance too, chance would
 * decide what hit rates come out: of keys by Zipf's law one alone may be a twentieth of all reads, and counts for twenty keys or for none. Which they are is found out again and again, from the reads before, so
 * that it does not depend on what it decides. They are not stored: who goes on from what was stored finds them again. Not thread-safe.
 */
final class TtlSamples {
    /** Each has a time for every TTL, and hit rates need fewer keys than distances. */
    static final int KEYS = 512;

    private final TtlReplay some;
    private final TtlReplay heaviest;
    private final HeavyKeys found = new HeavyKeys();

    TtlSamples() {
        this(new TtlReplay(KEYS));
    }

    private TtlSamples(TtlReplay some) {
        this.some = some;
        this.heaviest = some.beside(HeavyKeys.MOST);
    }

    /** When they are followed. */
    Shifts shifts() {
        return some.shifts();
    }

    /**
     * Follows reads, of which those that failed say nothing.
     *
     * @param mixed the hashes of their keys by {@link KeySample#mix}
     * @param weight how many each stands for
     */
    void read(List<CacheRead> reads, long[] mixed, long[] atMillis, int weight, TtlTally tally) {
        if (heaviest.sample().size() > 0) {
            if (hasAll()) {
                heaviest.keep();
            }
            readHeaviest(reads, mixed, atMillis, weight, tally);
        }
        KeySample keys = some.sample();
        SampledReads sampled = new SampledReads(keys, reads, mixed);
        for (int i = 0; i < sampled.count(); i++) {
            int at = sampled.read(i);
            long hash = reads.get(at).getKeyHash();
            if (keys.takes(mixed[at]) && !isHeavy(hash, mixed[at])) {
                read(some, reads.get(at), mixed[at], sampled.place(i, hash), weight, atMillis[at], tally);
            }
        }
        shifts().end(sampled.count());
        tally.sampled((long) keys.size() + heaviest.sample().size());
        if (!hasAll()) {
            look(reads, atMillis);
        }
    }

    /** Then nobody stands for others. */
    private boolean hasAll() {
        return some.sample().threshold() == KeySample.POSITIONS;
    }

    private boolean isHeavy(long hash, long mixed) {
        KeySample keys = heaviest.sample();
        return keys.size() > 0 && keys.find(hash, mixed) != KeySample.NONE;
    }

    private void readHeaviest(List<CacheRead> reads, long[] mixed, long[] atMillis, int weight, TtlTally tally) {
        KeySample keys = heaviest.sample();
        for (int at = 0; at < mixed.length; at++) {
            CacheRead read = reads.get(at);
            int place = keys.find(read.getKeyHash(), mixed[at]);
            if (place != KeySample.NONE) {
                read(heaviest, read, mixed[at], place, weight, atMillis[at], tally);
            }
        }
    }

    private static void read(
            TtlReplay replay, CacheRead read, long mixed, int place, int weight, long atMillis, TtlTally tally) {
        ReadOutcome outcome = ReadOutcome.of(read.getOutcome());
        if (outcome != ReadOutcome.ERROR) {
            boolean isHit = outcome.verdict() == ReadOutcome.Verdict.HIT;
            TtlReplay.Ending ending = endingOf(outcome, isHit, read);
            replay.read(read.getKeyHash(), mixed, place, ending, isHit, weight, atMillis, tally);
        }
    }

    private static TtlReplay.Ending endingOf(ReadOutcome outcome, boolean isHit, CacheRead read) {
        if (outcome == ReadOutcome.STALE) {
            return TtlReplay.Ending.EXPIRED;
        }
        if (isHit) {
            return TtlReplay.Ending.HIT;
        }
        return read.getMissClass() == MissClass.EXPIRED ? TtlReplay.Ending.EXPIRED : TtlReplay.Ending.MISSED;
    }

    /** For the keys that are read most. */
    private void look(List<CacheRead> reads, long[] atMillis) {
        for (int i = 0; i < atMillis.length; i++) {
            CacheRead read = reads.get(i);
            if (read.getOutcome() != CacheOutcome.ERROR && found.read(read.getKeyHash())) {
                choose(found.take(), atMillis[i]);
            }
        }
    }

    private void choose(long[] hashes, long atMillis) {
        heaviest.keep(hashes);
        for (long hash : hashes) {
            long mixed = KeySample.mix(hash);
            if (!isHeavy(hash, mixed)) {
                some.drop(hash, mixed);
                heaviest.expect(hash, mixed, atMillis);
            }
        }
    }

    /** Those that were not read since. */
    void forget(long beforeMillis) {
        some.forget(beforeMillis);
        heaviest.forget(beforeMillis);
    }

    void encode(CompactWriter out) {
        some.encode(out);
    }

    /** Goes on from what was encoded; refuses anything else. */
    static TtlSamples decode(CompactReader in) {
        return new TtlSamples(TtlReplay.decode(in, KEYS));
    }
}
