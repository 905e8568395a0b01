package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Curves of samples against LRU caches of every size that are played in full. */
class MissRatioCurvePropertyTest {
    private static final int READS = 200_000;
    private static final int SAMPLE = 2048;
    private static final int VALUE_BYTES = 100;

    /** What some reads have told. */
    private static final class Sampled {
        private final ReuseDistances distances;
        private final ReuseTally tally = new ReuseTally();

        Sampled(int maxKeys) {
            distances = new ReuseDistances(maxKeys);
        }

        void read(long key, long atMillis, boolean isFirstLevelHit) {
            tally.read(1, isFirstLevelHit ? 1 : 0, atMillis, atMillis);
            MissRatioCurvePropertyTest.read(distances, key, VALUE_BYTES, isFirstLevelHit, atMillis, tally);
            tally.sampled(distances.keys(), 1, distances.threshold());
        }
    }

    @Test
    void isNearThatOfAnExactCache() {
        Random random = new Random(1);
        for (int keys : new int[] {10_000, 40_000}) {
            assertError("popular", Workloads.zipf(keys, READS, random), 0.02);
            assertError("mixed", Workloads.mixed(keys, READS, random), 0.02);
            // Where all keys are alike, an error of 2 % in how many there are is one of the whole curve; that of a scan
            // is a single step.
            assertError("even", Workloads.uniform(keys, READS, random), 0.04);
            assertError("scan", Workloads.scan(keys, READS), 0.08);
        }
    }

    private static void assertError(String name, List<Long> stream, double most) {
        assertThat(meanError(List.of(sampled(stream, SAMPLE)), stream)).as(name).isLessThan(most);
    }

    @Test
    void isNearlyExactWhereTheSampleHasAllKeys() {
        Random random = new Random(2);
        for (List<Long> stream :
                List.of(Workloads.zipf(1500, 50_000, random), Workloads.uniform(1500, 50_000, random))) {
            assertThat(meanError(List.of(sampled(stream, SAMPLE)), stream)).isLessThan(0.002);
        }
    }

    @Test
    void putsPartitionsTogetherWhoseReadsAreMixed() {
        Random random = new Random(3);
        List<Long> popular = Workloads.zipf(8_000, READS, random);
        List<Long> even = Workloads.uniform(5_000, READS, random);
        Sampled first = new Sampled(SAMPLE);
        Sampled second = new Sampled(SAMPLE);
        List<Long> both = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            boolean isFirst = random.nextInt(3) > 0;
            long key = isFirst ? popular.get(i) : -even.get(i);
            both.add(key);
            (isFirst ? first : second).read(key, i, false);
        }

        assertThat(meanError(List.of(first.tally, second.tally), both)).isLessThan(0.02);

        ReuseTally wrong = new ReuseTally();
        wrong.merge(first.tally);
        wrong.merge(second.tally);
        assertThat(meanError(List.of(wrong), both))
                .as("added up as if each had a cache of its own")
                .isGreaterThan(0.08);
    }

    @Test
    void findsTheSizeOfTheFirstLevelAndWhatTwiceAsMuchBrings() {
        Random random = new Random(4);
        List<Long> stream = Workloads.zipf(20_000, READS, random);
        int size = 2_000;
        Sampled sampled = new Sampled(SAMPLE);
        long hits = play(stream, size, random, sampled);
        MissRatioCurve curve = MissRatioCurve.of(List.of(sampled.tally));

        MissRatioCurve.FirstLevel level = curve.firstLevel();

        assertThat(level.isFull()).isTrue();
        assertThat(level.keys()).isBetween(0.7 * size, 1.4 * size);
        assertThat(level.keptShare()).isBetween(0.9, 0.97);
        double really =
                (double) play(stream, 2 * size, new Random(5), new Sampled(SAMPLE)) / READS - (double) hits / READS;
        assertThat(curve.firstLevelGain(level, 2)).isBetween(really - 0.02, really + 0.02);
        assertThat(curve.firstLevelGain(level, 0.5)).isNegative();
    }

    @Test
    void saysThatMoreRoomBringsNothingWhereAllFits() {
        Random random = new Random(6);
        List<Long> stream = Workloads.zipf(2_000, READS, random);
        Sampled sampled = new Sampled(SAMPLE);
        play(stream, 5_000, random, sampled);
        MissRatioCurve curve = MissRatioCurve.of(List.of(sampled.tally));

        assertThat(curve.firstLevel().isFull()).isFalse();
        assertThat(curve.firstLevelGain(curve.firstLevel(), 2)).isZero();
    }

    @Test
    void tellsBytesOfValues() {
        List<Long> stream = Workloads.uniform(10_000, READS, new Random(7));
        MissRatioCurve curve = MissRatioCurve.of(List.of(sampled(stream, SAMPLE)));

        for (MissRatioCurve.Point point : curve.points()) {
            if (point.keys() > 100) {
                assertThat((double) point.bytes() / point.keys()).isBetween(0.9 * VALUE_BYTES, 1.1 * VALUE_BYTES);
            }
        }
    }

    @Test
    void isEmptyOfNothing() {
        MissRatioCurve curve = MissRatioCurve.of(List.of());

        assertThat(curve.points()).isEmpty();
        assertThat(curve.hitRate(1000)).isZero();
    }

    @Test
    void endsAtOneWhereNoKeyIsReadForTheFirstTime() {
        ReuseDistances distances = new ReuseDistances(SAMPLE);
        ReuseTally first = new ReuseTally();
        ReuseTally second = new ReuseTally();
        for (int i = 0; i < 2000; i++) {
            ReuseTally tally = i < 1000 ? first : second;
            tally.read(1, 0, i, i);
            read(distances, i % 50, VALUE_BYTES, false, i, tally);
            tally.sampled(distances.keys(), 1, distances.threshold());
        }

        assertThat(MissRatioCurve.of(List.of(first)).hitRate(Double.MAX_VALUE)).isEqualTo(0.95);
        assertThat(MissRatioCurve.of(List.of(second)).hitRate(Double.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void neverHasMoreKeysThanItMay() {
        ReuseDistances distances = new ReuseDistances(100);
        Random random = new Random(8);
        ReuseTally tally = new ReuseTally();
        for (int i = 0; i < 300_000; i++) {
            read(distances, random.nextLong(), 1, false, i, tally);
            assertThat(distances.keys()).isLessThanOrEqualTo(100);
        }
        assertThat(distances.threshold()).isLessThan(KeySample.POSITIONS / 1000);
    }

    @Test
    void goesOnFromWhatWasStoredAsIfNothingHadBeen() {
        Random random = new Random(9);
        List<Long> stream = Workloads.mixed(3_000, 40_000, random);
        ReuseDistances whole = new ReuseDistances(500);
        ReuseDistances stored = new ReuseDistances(500);
        ReuseTally tallyOfWhole = new ReuseTally();
        ReuseTally tallyOfStored = new ReuseTally();
        for (int i = 0; i < stream.size(); i++) {
            if (random.nextInt(1000) == 0) {
                CompactWriter out = new CompactWriter();
                stored.encode(out);
                assertThat(out.toByteArray()).hasSizeLessThan(500 * 16);
                stored = ReuseDistances.decode(new CompactReader(out.toByteArray()), 500);
            }
            read(whole, stream.get(i), 1 + i % 50, false, 1_000_000L + i, tallyOfWhole);
            read(stored, stream.get(i), 1 + i % 50, false, 1_000_000L + i, tallyOfStored);
        }
        assertThat(tallyOfStored.firstReads()).isEqualTo(tallyOfWhole.firstReads());
        double bytes = 0;
        double bytesOfStored = 0;
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            double reads = tallyOfWhole.reads(bucket);
            assertThat(tallyOfStored.reads(bucket)).isEqualTo(reads);
            if (reads > 0) {
                assertThat(tallyOfStored.meanMillis(bucket)).isEqualTo(tallyOfWhole.meanMillis(bucket));
                bytes += reads * tallyOfWhole.meanBytes(bucket);
                bytesOfStored += reads * tallyOfStored.meanBytes(bucket);
            }
        }
        assertThat(bytesOfStored / bytes)
                .as("sizes between two reads are known by words of slots, which are others")
                .isBetween(0.99, 1.01);
    }

    @Test
    void letsNewKeysInOnceOldOnesAreForgotten() {
        ReuseDistances distances = new ReuseDistances(200);
        Random random = new Random(10);
        ReuseTally tally = new ReuseTally();
        for (int i = 0; i < 50_000; i++) {
            read(distances, random.nextLong(), 1, false, i, tally);
        }
        long lowest = distances.threshold();
        List<Long> stream = Workloads.uniform(50, 100, random);
        long now = 100_000_000;
        for (int hour = 0; hour < 20; hour++) {
            now += 3_600_000;
            distances.forget(now - 86_400_000, now);
            for (long key : stream) {
                read(distances, key, 1, false, now, tally);
            }
        }
        assertThat(lowest).isLessThan(KeySample.POSITIONS / 100);
        assertThat(distances.threshold()).isGreaterThan(lowest * 100);
    }

    @Test
    void talliesAddUpInAnyOrderAndSurviveTheStore() {
        Random random = new Random(11);
        List<ReuseTally> parts = new ArrayList<>();
        NamespaceSample sample = new NamespaceSample();
        for (int part = 0; part < 20; part++) {
            ReuseTally tally = new ReuseTally();
            for (int i = 0; i < 200; i++) {
                sample.read("node", List.of(Reads.random(random)), part * 1_000_000L + i, tally);
            }
            sample.describeTo(tally);
            parts.add(tally);
        }
        ReuseTally inOrder = new ReuseTally();
        parts.forEach(inOrder::merge);
        Collections.shuffle(parts, random);
        ReuseTally shuffled = new ReuseTally();
        parts.forEach(shuffled::merge);

        assertThat(shuffled).isEqualTo(inOrder);
        CompactWriter out = new CompactWriter();
        inOrder.encode(out);
        assertThat(ReuseTally.decode(new CompactReader(out.toByteArray()))).isEqualTo(inOrder);
        assertThat(NamespaceSample.decode(sample.encode()).encode()).hasSameSizeAs(sample.encode());
    }

    /** As it was stored when there were eight buckets to each power of two: one read met and 1,000 from 1,024 keys on. */
    @Test
    void goesOnFromTalliesOfCoarserBuckets() {
        CompactWriter out = new CompactWriter();
        out.writeByte(1);
        for (long count : new long[] {1_001, 0, 0, 1_001, 500, 1, KeySample.POSITIONS, 1_000, 2_000, 1024, 0}) {
            out.writeCount(count);
        }
        for (long sum : new long[] {1_000 * 1024, 0, 5_000, 7_000}) {
            out.writeCount(sum == 0 ? 0 : 1);
            if (sum > 0) {
                out.writeCount(64).writeCount(sum);
            }
        }
        out.writeCount(0).writeCount(0).writeCount(0).writeCount(0);
        out.writeCount(0).writeCount(0).writeCount(0);

        ReuseTally tally = ReuseTally.decode(new CompactReader(out.toByteArray()));

        MissRatioCurve curve = MissRatioCurve.of(List.of(tally));
        assertThat(curve.hitRate(1_000)).isZero();
        assertThat(curve.hitRate(1_152)).isBetween(0.998, 1.0);
        assertThat(tally.restedReads()).isZero();
        CompactWriter again = new CompactWriter();
        tally.encode(again);
        assertThat(ReuseTally.decode(new CompactReader(again.toByteArray()))).isEqualTo(tally);
    }

    private static void read(
            ReuseDistances distances, long key, long size, boolean isHit, long atMillis, ReuseTally tally) {
        long mixed = KeySample.mix(key);
        KeySample keys = distances.sample();
        if (keys.takes(mixed)) {
            distances.read(key, mixed, keys.find(key, mixed), size, isHit, isHit, 1, atMillis, tally);
        }
    }

    private static ReuseTally sampled(List<Long> stream, int maxKeys) {
        Sampled sampled = new Sampled(maxKeys);
        for (int i = 0; i < stream.size(); i++) {
            sampled.read(stream.get(i), i, false);
        }
        return sampled.tally;
    }

    private static double meanError(List<ReuseTally> partitions, List<Long> stream) {
        MissRatioCurve curve = MissRatioCurve.of(partitions);
        int keys = (int) stream.stream().distinct().count();
        return Workloads.sizes(keys).stream()
                .mapToDouble(size -> Math.abs(curve.hitRate(size) - Workloads.exactHitRate(stream, size)))
                .average()
                .orElseThrow();
    }

    /** A first level of that size in which one read in twenty finds that its value has expired. Returns the hits. */
    private static long play(List<Long> stream, int size, Random random, Sampled sampled) {
        Map<Long, Boolean> cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > size;
            }
        };
        long hits = 0;
        for (int i = 0; i < stream.size(); i++) {
            boolean isHit = cache.put(stream.get(i), true) != null && random.nextInt(20) > 0;
            hits += isHit ? 1 : 0;
            sampled.read(stream.get(i), i, isHit);
        }
        return hits;
    }
}
