package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random batches, out of order and late, against an oracle that walks over every read. The seed is the repetition. */
class CacheStatsTopologyPropertyTest {
    private static final List<String> TENANTS = List.of("acme", "acme2", "zeta");
    private static final List<String> NAMESPACES = List.of("feed", "feeds", "search");
    private static final List<String> PATTERNS = List.of("user:*", "user:*|page:*", "p");

    /** Counts reads one by one; the only thing it shares with the topology is the tally. */
    private static final class Oracle {
        final Map<CacheDimension, Map<Instant, CacheTally>> tallies = new HashMap<>();
        long late;
        private Instant streamTime = Instant.MIN;

        void count(CacheReadBatch batch) {
            if (batch.getFirstAt().isAfter(streamTime)) {
                streamTime = batch.getFirstAt();
            }
            CacheDimension dimension = new CacheDimension(batch.getTenant(), batch.getNamespace(), batch.getPattern());
            for (CacheRead read : batch.getEntries()) {
                Instant window = batch.getFirstAt()
                        .plus(read.getOffsetMicros(), ChronoUnit.MICROS)
                        .truncatedTo(ChronoUnit.MINUTES);
                Instant closes = window.plus(Duration.ofMinutes(1)).plus(TopologyHarness.PROPERTIES.grace());
                if (!closes.isAfter(streamTime)) {
                    late++;
                    continue;
                }
                tallies.computeIfAbsent(dimension, key -> new HashMap<>())
                        .computeIfAbsent(window, start -> new CacheTally())
                        .add(ReadOutcome.of(read.getOutcome()), read.getLatencyNanos(), read.getSizeBytes());
            }
        }
    }

    @RepeatedTest(12)
    void theStoreHoldsWhatTheOracleCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Oracle oracle = new Oracle();
        Map<String, Rollup> rollups = new HashMap<>();
        try (TopologyHarness topology = new TopologyHarness()) {
            for (int i = 0; i < 300; i++) {
                topology.pass(Duration.ofMillis(random.nextInt(8_000)));
                CacheReadBatch batch = randomBatch(topology.now(), random);
                oracle.count(batch);
                topology.publish(batch);
            }
            topology.pass(Duration.ofHours(1));
            rollups.putAll(topology.newRollups());

            assertThat(topology.stored()).isEqualTo(oracle.tallies);
            assertThat(topology.metered("sluice.metrics.late.reads")).isEqualTo((double) oracle.late);
        }
        assertThat(oracle.late).as("the run has late reads").isPositive();
        assertThat(sumOfReads(rollups)).as("rollups carry every counted read").isEqualTo(sumOfReads(oracle));
    }

    private static long sumOfReads(Oracle oracle) {
        return oracle.tallies.values().stream()
                .flatMap(windows -> windows.values().stream())
                .mapToLong(CacheTally::reads)
                .sum();
    }

    private static long sumOfReads(Map<String, Rollup> rollups) {
        long sum = 0;
        for (Rollup rollup : rollups.values()) {
            for (ReadOutcome outcome : ReadOutcome.values()) {
                sum += rollup.getCounts().getOrDefault(outcome.label(), 0L);
            }
        }
        return sum;
    }

    private static CacheReadBatch randomBatch(Instant now, Random random) {
        Duration age = random.nextInt(10) == 0
                ? Duration.ofSeconds(random.nextInt(900))
                : Duration.ofMillis(random.nextInt(3_000));
        return Batches.random(
                TENANTS.get(random.nextInt(3)),
                NAMESPACES.get(random.nextInt(3)),
                PATTERNS.get(random.nextInt(3)),
                now.minus(age).truncatedTo(ChronoUnit.MILLIS),
                random);
    }
}
