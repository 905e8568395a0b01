package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.reuse.TtlReplay.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replayed TTLs against caches with these TTLs that are played in full. */
class TtlCurvePropertyTest {
    private static final int READS = 100_000;
    private static final long MILLIS_BETWEEN = 200;
    private static final long TTL_MILLIS = 60_000;

    private static final class Played {
        private final ReuseTally tally = new ReuseTally();
        private TtlReplay replay;

        Played(int maxKeys) {
            replay = new TtlReplay(maxKeys);
        }

        void read(long key, Ending ending, boolean isHit, long atMillis) {
            long mixed = KeySample.mix(key);
            KeySample keys = replay.sample();
            if (keys.takes(mixed)) {
                replay.read(key, mixed, keys.find(key, mixed), ending, isHit, 1, atMillis, tally.ttls());
            }
        }

        void store(int maxKeys) {
            CompactWriter out = new CompactWriter();
            replay.encode(out);
            replay = TtlReplay.decode(new CompactReader(out.toByteArray()), maxKeys);
        }

        TtlCurve curve() {
            return TtlCurve.of(List.of(tally));
        }
    }

    @Test
    void isThatOfEveryTtlPlayedInFull() {
        List<Long> stream = Workloads.zipf(400, READS, new Random(1));
        TtlCurve curve = play(stream, 512, new Random(2)).curve();

        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            double exact = Workloads.exactHitRate(stream, TtlTally.ttlMillis(ttl), MILLIS_BETWEEN);
            assertThat(curve.at(TtlTally.ttlMillis(ttl) / 1000.0).hitRate())
                    .as("ttl %d", ttl)
                    .isBetween(exact - 1e-3, exact + 1e-3);
        }
    }

    @Test
    void isNearThatWhereTheSampleHasSomeOfTheKeys() {
        List<Long> stream = Workloads.uniform(10_000, READS * 3, new Random(3));
        TtlCurve curve = play(stream, 512, new Random(4)).curve();

        double error = 0;
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            double exact = Workloads.exactHitRate(stream, TtlTally.ttlMillis(ttl), MILLIS_BETWEEN);
            error += Math.abs(curve.at(TtlTally.ttlMillis(ttl) / 1000.0).hitRate() - exact);
        }
        assertThat(error / TtlTally.TTLS).isLessThan(0.02);
    }

    @Test
    void findsTheTtlThatValuesHave() {
        TtlCurve curve = play(Workloads.zipf(400, READS, new Random(5)), 512, new Random(6))
                .curve();

        assertThat(curve.currentSeconds().orElseThrow()).isBetween(55.0, 75.0);
        TtlCurve.Point now = curve.at(60);
        assertThat(now.hitRate()).isBetween(curve.measuredHitRate() - 0.02, curve.measuredHitRate() + 0.02);
        assertThat(curve.at(120).hitRate()).isGreaterThan(now.hitRate());
        assertThat(curve.at(120).meanAgeSeconds()).isGreaterThan(now.meanAgeSeconds());
        assertThat(now.meanAgeSeconds()).isBetween(1.0, 60.0);
    }

    @Test
    void missesWithEveryTtlWhatWasRemoved() {
        Played played = new Played(10);
        for (int i = 0; i < 1000; i++) {
            played.read(7, i % 2 == 0 ? Ending.MISSED : Ending.HIT, i % 2 != 0, i * 10L);
        }
        assertThat(played.curve().at(played.curve().longestSeconds()).hitRate()).isEqualTo(0.5);
        assertThat(played.curve().currentSeconds()).isEmpty();
    }

    /** Values are put after each miss and expire after a minute. */
    private static Played play(List<Long> stream, int maxKeys, Random random) {
        Played played = new Played(maxKeys);
        Map<Long, Long> made = new HashMap<>();
        for (int i = 0; i < stream.size(); i++) {
            long key = stream.get(i);
            long now = 1 + i * MILLIS_BETWEEN;
            Long madeAt = made.get(key);
            boolean isHit = madeAt != null && now - madeAt < TTL_MILLIS;
            Ending ending = isHit ? Ending.HIT : madeAt == null ? Ending.MISSED : Ending.EXPIRED;
            if (!isHit) {
                made.put(key, now);
            }
            played.read(key, ending, isHit, now);
            if (random.nextInt(5000) == 0) {
                played.store(maxKeys);
            }
        }
        return played;
    }
}
