package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against keys in a sorted map. */
class KeySampleTest {
    private static final int MOST = 50;

    @Test
    void hasTheKeysOfTheLowestPositionsWithWhatIsKnownOfThem() {
        Random random = new Random(1);
        KeySample sample = new KeySample(MOST, 1, KeySample.POSITIONS);
        NavigableMap<Long, Long> byPosition = new TreeMap<>();
        Map<Long, Long> known = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long hash = Workloads.keyOf(random.nextInt(2_000));
            long mixed = KeySample.mix(hash);
            if (sample.takes(mixed) && sample.find(hash, mixed) == KeySample.NONE) {
                sample.set(sample.add(hash, mixed, i), 0, i);
                byPosition.put(KeySample.position(mixed), hash);
                known.put(hash, (long) i);
                dropGone(sample, byPosition, known);
            } else if (sample.takes(mixed)) {
                sample.readAt(sample.find(hash, mixed), i);
            }
            if (i % 30 == 29 && !known.isEmpty()) {
                long key = known.keySet().iterator().next();
                sample.drop(sample.find(key, KeySample.mix(key)));
                byPosition.values().remove(key);
                known.remove(key);
                assertThat(sample.find(key, KeySample.mix(key))).isEqualTo(KeySample.NONE);
            }
            if (i % 2_000 == 1_999) {
                long before = i - 300L;
                byPosition
                        .values()
                        .removeIf(key -> sample.readMillis(sample.find(key, KeySample.mix(key))) < before
                                && known.remove(key) != null);
                sample.forget(before, place -> {});
                sample.grow();
            }
            assertThat(sample.size()).isEqualTo(byPosition.size()).isLessThanOrEqualTo(MOST);
            if (i % 50 == 0) {
                known.forEach((key, value) -> assertThat(sample.get(sample.find(key, KeySample.mix(key)), 0))
                        .isEqualTo(value));
            }
        }
        assertThat(sample.threshold()).isLessThan(KeySample.POSITIONS);
    }

    private static void dropGone(KeySample sample, NavigableMap<Long, Long> byPosition, Map<Long, Long> known) {
        for (int gone = sample.nextGone(); gone != KeySample.NONE; gone = sample.nextGone()) {
            long hash = byPosition.pollLastEntry().getValue();
            assertThat(sample.hash(gone)).isEqualTo(hash);
            known.remove(hash);
        }
    }

    /** Whoever knows how hashes are mixed may send as many of them as he likes. */
    @Test
    void staysWithinItsRoomThoughAllKeysLieAtTheLowestPosition() {
        KeySample sample = new KeySample(4, 0, KeySample.POSITIONS);
        for (long low = 0; low < 100; low++) {
            long hash = unmix(low);
            assertThat(KeySample.position(KeySample.mix(hash))).isZero();
            sample.add(hash, KeySample.mix(hash), 0);
            while (sample.nextGone() != KeySample.NONE) {
                assertThat(sample.size()).isLessThanOrEqualTo(4);
            }
        }
        assertThat(sample.size()).isEqualTo(4);
        assertThat(sample.threshold()).isEqualTo(1);
    }

    private static long unmix(long mixed) {
        long hash = unshift(mixed, 31) * 0x319642b2d24d8ec3L;
        hash = unshift(hash, 27) * 0x96de1b173f119089L;
        return unshift(hash, 30);
    }

    private static long unshift(long shifted, int by) {
        long value = shifted;
        for (int done = by; done < Long.SIZE; done += by) {
            value = shifted ^ (value >>> by);
        }
        return value;
    }
}
