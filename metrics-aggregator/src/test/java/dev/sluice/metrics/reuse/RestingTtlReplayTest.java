package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.reuse.TtlReplay.Ending;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Replayed TTLs of which the sample rests for seven eighths of the reads, against all of them played in full. What goes wrong with a rest is wrong for one read in 64 of each key, so errors are looked at
 * closely.
 */
class RestingTtlReplayTest {
    private static final int KEYS = 100;
    private static final int HOURS = 20;
    private static final int HOUR_MILLIS = 3_600_000;

    /** Each key is read once in a second, by chance: a value of the shortest TTL lives as long as a key is not read. */
    private static final double MEAN_MILLIS = 1000.0 / KEYS;

    private final Random random = new Random(3);
    private final TtlReplay replay = new TtlReplay(KEYS);
    private final TtlTally tally = new TtlTally();
    private final long[][] made = new long[KEYS][TtlTally.TTLS];
    private final long[] hits = new long[TtlTally.TTLS];
    private long reads;
    private long followed;
    private double stoodFor;

    @Test
    void hitRatesAreThoseOfAllReadsThoughMostAreLeftOut() {
        for (long[] never : made) {
            Arrays.fill(never, Long.MIN_VALUE / 2);
        }
        boolean[] met = new boolean[KEYS];
        for (double at = 0; at < (double) HOURS * HOUR_MILLIS; at += -Math.log(1 - random.nextDouble()) * MEAN_MILLIS) {
            int key = random.nextInt(KEYS);
            play(key, (long) at);
            follow(key, met[key], (long) at);
            met[key] = true;
        }

        assertThat(followed).as("most are left out").isLessThan(reads / 4);
        assertThat(tally.reads())
                .as("reads that stand for those of a rest")
                .isBetween(0.997 * stoodFor, 1.003 * stoodFor);
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            double exact = (double) hits[ttl] / reads;
            assertThat(tally.hits(ttl) / tally.reads())
                    .as("%d s", TtlTally.ttlMillis(ttl) / 1000)
                    .isBetween(exact - 0.004, exact + 0.004);
        }
    }

    private void play(int key, long atMillis) {
        reads++;
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            if (atMillis - made[key][ttl] < TtlTally.ttlMillis(ttl)) {
                hits[ttl]++;
            } else {
                made[key][ttl] = atMillis;
            }
        }
    }

    private void follow(int key, boolean isMet, long atMillis) {
        int weight = replay.shifts().begin(atMillis, 1);
        if (weight == 0) {
            return;
        }
        followed++;
        stoodFor += weight;
        long hash = Workloads.keyOf(key);
        long mixed = KeySample.mix(hash);
        int place = replay.sample().find(hash, mixed);
        replay.read(hash, mixed, place, isMet ? Ending.HIT : Ending.MISSED, isMet, weight, atMillis, tally);
        replay.shifts().end(1);
    }
}
