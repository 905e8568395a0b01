package dev.sluice.metrics.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollupDifferenceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void tellsEachWindowThatIsNotTheSame() {
        Map<String, Rollup> stored = Map.of("same", rollup(1, 7), "other", rollup(1, 7), "gone", rollup(1, 7));
        Map<String, Rollup> replayed = Map.of("same", rollup(1, 7), "other", rollup(2, 7), "new", rollup(1, 7));
        assertThat(RollupDifference.between(stored, replayed))
                .extracting(RollupDifference::key, RollupDifference::words)
                .containsExactly(
                        tuple("gone", "not on the log"),
                        tuple("new", "not stored"),
                        tuple("other", "miss: 1 stored, 2 counted"));
        assertThat(RollupDifference.between(stored, stored)).isEmpty();
    }

    @Test
    void latenciesCountToo() {
        List<RollupDifference> found = RollupDifference.between(Map.of("a", rollup(1, 7)), Map.of("a", rollup(1, 8)));
        assertThat(found)
                .singleElement()
                .satisfies(one -> assertThat(one.words()).contains("latencies"));
    }

    @Test
    void onlyWindowsWithinTheRangeAreCompared() {
        ReplayRange range = new ReplayRange(START, START.plusSeconds(60));
        assertThat(range.contains(rollup(1, 7))).isTrue();
        assertThat(new ReplayRange(START.plusMillis(1), START.plusSeconds(90)).contains(rollup(1, 7)))
                .isFalse();
        assertThat(new ReplayRange(START, START.plusSeconds(59)).contains(rollup(1, 7)))
                .isFalse();
    }

    private static Rollup rollup(long misses, int latency) {
        return Rollup.newBuilder()
                .setTenant("acme")
                .setDimension(RollupDimension.PATTERN)
                .setName("feed/user:*")
                .setWindowStart(START)
                .setWindowSeconds(60)
                .setCounts(Map.of("miss", misses, "bytes", 10L))
                .setLatencySketch(ByteBuffer.wrap(new byte[] {(byte) latency}))
                .build();
    }
}
