package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.ladder.LadderTask;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheStatsTopologyTest {
    private static final CacheRead HIT = Batches.read(CacheOutcome.L1_HIT, Duration.ofMillis(1), 10);
    private static final CacheRead MISS = Batches.read(CacheOutcome.MISS, Duration.ofMillis(20), 0);

    private final TopologyHarness topology = new TopologyHarness();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void countsReadsByOutcomeBytesAndLatency() {
        topology.publish(batch(topology.now(), HIT, MISS, HIT));
        topology.publish(batch(topology.now(), MISS));

        CacheTally tally = topology.storedTally("acme", "feed", "user:*", topology.now());
        assertThat(tally.count(ReadOutcome.L1_HIT)).isEqualTo(2);
        assertThat(tally.count(ReadOutcome.MISS)).isEqualTo(2);
        assertThat(tally.reads()).isEqualTo(4);
        assertThat(tally.bytes()).isEqualTo(20);
        assertThat(tally.latency().count()).isEqualTo(4);
        assertThat(topology.metered("sluice.metrics.cache.reads")).isEqualTo(4);
    }

    @Test
    void aBatchOverTheEndOfAMinuteIsSplitByTheTimeOfEachRead() {
        Instant nearEnd = topology.now().plusSeconds(59);
        topology.publish(batch(nearEnd, HIT, Batches.read(Duration.ofSeconds(1), CacheOutcome.MISS, 5, 0)));

        assertThat(topology.storedTally("acme", "feed", "user:*", topology.now())
                        .hits())
                .isEqualTo(1);
        assertThat(topology.storedTally("acme", "feed", "user:*", topology.now().plusSeconds(60))
                        .misses())
                .isEqualTo(1);
    }

    @Test
    void keepsTenantsNamespacesAndPatternsApart() {
        topology.publish(Batches.of("acme", "feed", "user:*", topology.now(), HIT));
        topology.publish(Batches.of("acme", "feed", "page:*", topology.now(), HIT));
        topology.publish(Batches.of("acme", "search", "user:*", topology.now(), HIT));
        topology.publish(Batches.of("other", "feed", "user:*", topology.now(), HIT));
        assertThat(topology.stored()).hasSize(4);
    }

    @Test
    void emitsARollupOnceStreamTimeHasPassedTheGrace() {
        Instant window = topology.now();
        topology.publish(batch(window, HIT, MISS));
        topology.pass(LadderTask.CLOSE_INTERVAL);
        assertThat(topology.newRollups()).isEmpty();

        topology.clock.advance(Duration.ofMinutes(6));
        topology.publish(batch(topology.now(), HIT));
        topology.pass(LadderTask.CLOSE_INTERVAL);

        Map<String, Rollup> rollups = topology.newRollups();
        assertThat(rollups).containsOnlyKeys("acme|PATTERN|feed/user:*|" + window.getEpochSecond() + "|60");
        Rollup rollup = rollups.values().iterator().next();
        assertThat(rollup.getTenant()).isEqualTo("acme");
        assertThat(rollup.getDimension()).isEqualTo(RollupDimension.PATTERN);
        assertThat(rollup.getWindowStart()).isEqualTo(window);
        assertThat(rollup.getWindowSeconds()).isEqualTo(60);
        assertThat(rollup.getCounts())
                .containsEntry("l1_hit", 1L)
                .containsEntry("miss", 1L)
                .containsEntry("stale", 0L)
                .containsEntry("bytes", 10L);
        assertThat(rollup.getLatencySketch().remaining()).isPositive();
        topology.pass(LadderTask.CLOSE_INTERVAL);
        assertThat(topology.newRollups()).as("emitted once").isEmpty();
    }

    @Test
    void emitsOnAQuietPartitionByTheWallClockAndAgainIfAReadStillComes() {
        Instant window = topology.now();
        topology.publish(batch(window, HIT));
        topology.pass(Duration.ofMinutes(10));
        assertThat(topology.newRollups()).hasSize(1);

        topology.publish(batch(window.plusSeconds(1), HIT));
        assertThat(topology.storedTally("acme", "feed", "user:*", window).reads())
                .as("stream time has not moved, so it is not late")
                .isEqualTo(2);
        topology.pass(Duration.ofMinutes(10));
        assertThat(topology.newRollups().values())
                .singleElement()
                .satisfies(rollup -> assertThat(rollup.getCounts()).containsEntry("l1_hit", 2L));
    }

    @Test
    void dropsAndCountsReadsOfAClosedWindow() {
        topology.clock.advance(Duration.ofMinutes(10));
        topology.publish(batch(topology.now(), HIT));
        topology.publish(batch(topology.now().minus(Duration.ofMinutes(4)), HIT));
        topology.publish(batch(topology.now().minus(Duration.ofMinutes(6)), HIT, MISS));

        assertThat(topology.metered("sluice.metrics.late.reads")).isEqualTo(2);
        assertThat(topology.metered("sluice.metrics.cache.reads")).isEqualTo(2);
        assertThat(topology.stored().values())
                .singleElement()
                .satisfies(windows -> assertThat(windows).hasSize(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "-200000-01-01T00:00:00Z"})
    void aHostileTimestampNeitherMovesStreamTimeNorLosesTheRead(String hostile) {
        topology.publish(batch(topology.now(), HIT));
        topology.publish(batch(Instant.parse(hostile), HIT));
        topology.publish(batch(topology.now().plusSeconds(1), HIT));

        assertThat(topology.storedTally("acme", "feed", "user:*", topology.now())
                        .reads())
                .isEqualTo(3);
        assertThat(topology.metered("sluice.metrics.clamped.timestamps")).isEqualTo(1);
        assertThat(topology.metered("sluice.metrics.late.reads")).isZero();
    }

    @Test
    void hostileOffsetsStayWithinAMinuteOfTheirBatch() {
        topology.publish(batch(
                topology.now(),
                Batches.read(Duration.ofNanos(Long.MAX_VALUE), CacheOutcome.L1_HIT, 1, 1),
                Batches.read(Duration.ofNanos(Long.MIN_VALUE), CacheOutcome.L1_HIT, Long.MIN_VALUE, -1)));
        assertThat(topology.stored().values())
                .singleElement()
                .satisfies(windows -> assertThat(windows)
                        .containsOnlyKeys(topology.now(), topology.now().plusSeconds(60)));
    }

    private static CacheReadBatch batch(Instant at, CacheRead... reads) {
        return Batches.of("acme", "feed", "user:*", at, reads);
    }

    @Test
    void readsOfPatternsThatAreTooManyCountAsOthersOfTheirNamespace() {
        try (TopologyHarness small = new TopologyHarness(TopologyHarness.with(2))) {
            for (String pattern : List.of("a", "b", "c", "d", "a")) {
                small.publish(Batches.of("acme", "feed", pattern, small.now(), HIT));
            }
            small.publish(Batches.of("acme", "made-up", "e", small.now(), MISS));
            small.publish(Batches.of("other", "feed", "c", small.now(), HIT));

            Instant window = small.now();
            assertThat(small.storedTally("acme", "feed", "a", window).reads()).isEqualTo(2);
            assertThat(small.storedTally("acme", "feed", "b", window).reads()).isEqualTo(1);
            assertThat(small.storedTally("acme", "feed", "__other__", window).reads())
                    .isEqualTo(2);
            assertThat(small.storedTally("acme", "__other__", "__other__", window)
                            .misses())
                    .isEqualTo(1);
            assertThat(small.storedTally("other", "feed", "c", window).reads()).isEqualTo(1);
            assertThat(small.stored()).hasSize(5);
            assertThat(small.metered("sluice.metrics.overflowed.reads")).isEqualTo(3);
        }
    }

    @Test
    void readsOfPatternsThatAreTooManyOfAllTenantsCountAsOthersOfTheirTenant() {
        try (TopologyHarness small = new TopologyHarness(TopologyHarness.with(2, 3))) {
            small.publish(Batches.of("acme", "feed", "a", small.now(), HIT));
            small.publish(Batches.of("acme", "feed", "b", small.now(), HIT));
            small.publish(Batches.of("other", "feed", "a", small.now(), HIT));
            small.publish(Batches.of("other", "feed", "b", small.now(), HIT));
            small.publish(Batches.of("zeta", "feed", "a", small.now(), HIT));

            Instant window = small.now();
            assertThat(small.storedTally("other", "feed", "a", window).reads()).isEqualTo(1);
            assertThat(small.storedTally("other", "feed", "__other__", window).reads())
                    .isEqualTo(1);
            assertThat(small.storedTally("zeta", "__other__", "__other__", window)
                            .reads())
                    .isEqualTo(1);
            assertThat(small.metered("sluice.metrics.overflowed.reads")).isEqualTo(2);
        }
    }
}
