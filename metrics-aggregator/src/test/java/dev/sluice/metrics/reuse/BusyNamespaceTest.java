package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A namespace with so many reads that some of them stand for all, against caches that are played in full. */
class BusyNamespaceTest {
    private static final int READS = 1_500_000;
    /** All are in the sample, so errors are those of leaving reads out. */
    private static final int KEYS = 500;

    private static final int TTL_MILLIS = 4_000;
    private static final String NODE = "node";

    private final List<Long> stream = Workloads.zipf(KEYS, READS, new Random(1));

    @Test
    void curvesAreThoseOfAllReads() {
        ReuseTally tally = new ReuseTally();
        double hitRate = play(0, READS, new NamespaceSample(), tally);

        assertThat(tally.reads()).isEqualTo(READS);
        assertThat(tally.sampledReads()).as("most are left out").isLessThan(READS / 2);
        MissRatioCurve curve = MissRatioCurve.of(List.of(tally));
        List<Long> some = stream.subList(0, 200_000);
        for (int size : new int[] {25, 50, 100, 200, 400}) {
            double exact = Workloads.exactHitRate(some, size);
            assertThat(curve.hitRate(size)).as("size %d", size).isBetween(exact - 0.02, exact + 0.02);
        }
        TtlCurve ttls = TtlCurve.of(List.of(tally));
        assertThat(ttls.measuredHitRate()).isBetween(hitRate - 0.02, hitRate + 0.02);
        for (int ttl = 0; ttl < 6; ttl++) {
            double exact = Workloads.exactHitRate(some, TtlTally.ttlMillis(ttl), 1);
            assertThat(ttls.at(TtlTally.ttlMillis(ttl) / 1000.0).hitRate())
                    .as("ttl %d", ttl)
                    .isBetween(exact - 0.02, exact + 0.02);
        }
    }

    @Test
    void whatIsLeftOutAndNotMadeUpForIsInWeightAllTheSame() {
        ReuseTally whole = new ReuseTally();
        NamespaceSample sample = new NamespaceSample();
        int half = READS / 6;
        play(0, half, sample, whole);

        assertThat(whole.restedReads()).as("it rests still").isPositive();
        assertThat(whole.readsOfEach() * (double) (whole.reads() - whole.restedReads()))
                .isBetween(half - 1.0, half + 1.0);
        MissRatioCurve curve = MissRatioCurve.of(List.of(whole));
        double exact = Workloads.exactHitRate(stream.subList(0, half), KEYS);
        assertThat(curve.hitRate(KEYS)).isBetween(exact - 0.02, exact + 0.02);
        // A rest has its end with the hour.
        play(3_600_000, 1_000, sample, new ReuseTally());
        ReuseTally next = new ReuseTally();
        play(3_700_000, 1_000, sample, next);
        assertThat(next.restedReads()).isZero();
        assertThat(next.sampledReads()).isEqualTo(1_000);
    }

    /** Batches of a hundred reads, one in a millisecond; values expire. Returns the hit rate. */
    private double play(long fromMillis, int reads, NamespaceSample sample, ReuseTally tally) {
        Map<Long, Long> made = new HashMap<>();
        long hits = 0;
        List<CacheRead> batch = new ArrayList<>();
        for (int at = 0; at < reads; at++) {
            long key = stream.get(at);
            Long before = made.get(key);
            boolean isHit = before != null && at - before < TTL_MILLIS;
            if (!isHit) {
                made.put(key, (long) at);
            }
            hits += isHit ? 1 : 0;
            MissClass missClass = before == null ? MissClass.COLD : MissClass.EXPIRED;
            CacheOutcome outcome = isHit ? CacheOutcome.L1_HIT : CacheOutcome.MISS;
            batch.add(Reads.of(key, outcome, missClass, Duration.ofMillis(at % 100)));
            if (batch.size() == 100) {
                sample.read(NODE, batch, fromMillis + at - 99, tally);
                sample.describeTo(tally);
                batch.clear();
            }
        }
        return (double) hits / reads;
    }
}
