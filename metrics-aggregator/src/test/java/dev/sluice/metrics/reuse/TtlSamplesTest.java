package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hit rates by TTL of many more keys than are followed, against caches with these TTLs that are played in full. */
class TtlSamplesTest {
    private static final int KEYS = 10_000;
    private static final int READS = 300_000;
    private static final long MILLIS_BETWEEN = 200;
    private static final long TTL_MILLIS = 60_000;
    private static final int BATCH = 100;

    /** Of which keys are sampled, the seed decides by the hashes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void chanceDoesNotDecideWhereSomeKeysAreReadMost(long seed) {
        List<Long> stream = hashed(Workloads.zipf(KEYS, READS, new Random(seed)), seed);

        assertThat(meanError(stream, play(stream, false))).isLessThan(0.02);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void norWhereOthersAreReadOnceInBetween(long seed) {
        List<Long> stream = hashed(Workloads.mixed(KEYS, READS, new Random(seed)), seed);

        assertThat(meanError(stream, play(stream, false))).isLessThan(0.03);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keysThatAreReadAlikeStandForEachOther(long seed) {
        List<Long> stream = hashed(Workloads.uniform(KEYS, READS, new Random(seed)), seed);

        assertThat(meanError(stream, play(stream, false))).isLessThan(0.02);
    }

    /** Other keys are read most from the middle on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void othersMayBecomeThoseThatAreReadMost(long seed) {
        List<Long> stream = hashed(Workloads.zipf(KEYS, READS / 2, new Random(seed)), seed);
        stream.addAll(hashed(Workloads.zipf(KEYS, READS / 2, new Random(seed + 10)), seed + 10));

        assertThat(meanError(stream, play(stream, false))).isLessThan(0.03);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theyAreFoundAgainAfterItWasStored(long seed) {
        List<Long> stream = hashed(Workloads.zipf(KEYS, READS, new Random(seed)), seed);

        assertThat(meanError(stream, play(stream, true))).isLessThan(0.03);
    }

    private static List<Long> hashed(List<Long> stream, long seed) {
        List<Long> hashed = new ArrayList<>(stream.size());
        stream.forEach(key -> hashed.add(KeySample.mix(key + seed * 0x632be59bd9b4e019L)));
        return hashed;
    }

    private static double meanError(List<Long> stream, TtlCurve curve) {
        double error = 0;
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            double exact = Workloads.exactHitRate(stream, TtlTally.ttlMillis(ttl), MILLIS_BETWEEN);
            error += Math.abs(curve.at(TtlTally.ttlMillis(ttl) / 1000.0).hitRate() - exact);
        }
        return error / TtlTally.TTLS;
    }

    /** Values are put after each miss and expire after a minute. */
    private static TtlCurve play(List<Long> stream, boolean isStored) {
        TtlSamples samples = new TtlSamples();
        ReuseTally tally = new ReuseTally();
        Map<Long, Long> made = new HashMap<>();
        for (int from = 0; from < stream.size(); from += BATCH) {
            List<CacheRead> batch = new ArrayList<>();
            long[] mixed = new long[BATCH];
            long[] atMillis = new long[BATCH];
            for (int i = 0; i < BATCH; i++) {
                long key = stream.get(from + i);
                long now = 1 + (from + i) * MILLIS_BETWEEN;
                mixed[i] = KeySample.mix(key);
                atMillis[i] = now;
                batch.add(read(key, made.get(key), now, made));
            }
            int weight = samples.shifts().begin(atMillis[0], BATCH);
            if (weight > 0) {
                samples.read(batch, mixed, atMillis, weight, tally.ttls());
            }
            if (isStored && from % (READS / 4) == 0) {
                CompactWriter out = new CompactWriter();
                samples.encode(out);
                samples = TtlSamples.decode(new CompactReader(out.toByteArray()));
            }
        }
        return TtlCurve.of(List.of(tally));
    }

    private static CacheRead read(long key, @Nullable Long madeAt, long now, Map<Long, Long> made) {
        boolean isHit = madeAt != null && now - madeAt < TTL_MILLIS;
        if (!isHit) {
            made.put(key, now);
        }
        return Reads.of(
                key,
                isHit ? CacheOutcome.L1_HIT : CacheOutcome.MISS,
                madeAt == null ? MissClass.COLD : MissClass.EXPIRED,
                Duration.ZERO);
    }
}
