package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What curves make of a cache in use, whose values expire, against one of another size that is played in full. */
class NamespaceSampleTest {
    private static final int READS = 100_000;
    private static final int KEYS = 2_000;
    private static final String NODE = "node";

    private final List<Long> stream = Workloads.zipf(KEYS, READS, new Random(11));

    @Test
    void whatExpiresIsNoWantOfRoom() {
        int room = 2 * KEYS;
        ReuseTally tally = new ReuseTally();
        double hitRate = play(room, 3_000, tally);
        MissRatioCurve curve = MissRatioCurve.of(List.of(tally));

        assertThat(hitRate).as("most of what is read late has expired").isLessThan(0.8);
        assertThat(curve.firstLevel().isFull()).isFalse();
        assertThat(curve.firstLevelGain(curve.firstLevel(), 2)).isZero();
    }

    @Test
    void saysWhatOtherSizesBringWhereValuesExpire() {
        int room = 300;
        int ttlMillis = 10_000;
        ReuseTally tally = new ReuseTally();
        double hitRate = play(room, ttlMillis, tally);
        MissRatioCurve curve = MissRatioCurve.of(List.of(tally));

        MissRatioCurve.FirstLevel level = curve.firstLevel();

        assertThat(level.isFull()).isTrue();
        assertThat(level.keys()).isBetween(0.7 * room, 1.4 * room);
        for (double factor : new double[] {0.5, 2}) {
            double really = play((int) (factor * room), ttlMillis, new ReuseTally()) - hitRate;
            assertThat(curve.firstLevelGain(level, factor)).as("× %s", factor).isCloseTo(really, within(0.04));
        }
    }

    @Test
    void readsLieWithinAMinuteOfTheirBatchInWhateverOrderTheyAre() {
        ReuseTally tally = new ReuseTally();
        NamespaceSample sample = new NamespaceSample();
        sample.read(NODE, List.of(hit(1, 10), hit(2, 50), hit(3, -5), hit(4, 20)), 1_000_000, tally);

        assertThat(tally.firstMillis()).isEqualTo(1_000_000);
        assertThat(tally.lastMillis()).isEqualTo(1_000_050);
        sample.read(NODE, List.of(hit(1, 7_200_000)), 1_000_000, tally);
        assertThat(tally.lastMillis()).isEqualTo(1_060_000);
    }

    @Test
    void readsThatFailedSayNothing() {
        ReuseTally tally = new ReuseTally();
        CacheRead failed = Reads.of(1, CacheOutcome.ERROR, MissClass.UNKNOWN, Duration.ZERO);
        new NamespaceSample().read(NODE, List.of(failed, failed, hit(2, 0)), 1_000_000, tally);

        assertThat(tally.reads()).isEqualTo(1);
        assertThat(tally.sampledReads()).isEqualTo(1);
        assertThat(tally.ttls().reads()).isZero();
    }

    private static CacheRead hit(long key, long offsetMillis) {
        return Reads.of(key, CacheOutcome.L2_HIT, MissClass.UNKNOWN, Duration.ofMillis(offsetMillis));
    }

    /** A first level of that size before a second that has room for all, one read in a millisecond. Returns the hit rate of the first. */
    private double play(int room, int ttlMillis, ReuseTally tally) {
        NamespaceSample sample = new NamespaceSample();
        Map<Long, Long> made = new HashMap<>();
        Map<Long, Boolean> first = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > room;
            }
        };
        for (int at = 0; at < READS; at++) {
            long key = stream.get(at);
            Long before = made.get(key);
            boolean isCopied = first.put(key, true) != null;
            CacheOutcome outcome;
            if (before == null || at - before >= ttlMillis) {
                outcome = CacheOutcome.MISS;
                made.put(key, (long) at);
            } else {
                outcome = isCopied ? CacheOutcome.L1_HIT : CacheOutcome.L2_HIT;
            }
            MissClass missClass = before == null ? MissClass.COLD : MissClass.EXPIRED;
            sample.read(NODE, List.of(Reads.of(key, outcome, missClass, Duration.ZERO)), at, tally);
        }
        sample.describeTo(tally);
        return (double) tally.firstLevelHits() / READS;
    }
}
