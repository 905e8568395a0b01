package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.frequent.FrequentKeys;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import dev.sluice.record.Rollup;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random batches, out of order, late, twice and with long pauses, against an oracle that walks over every read. The seed is the repetition. */
class CacheStatsTopologyPropertyTest {
    private static final List<String> TENANTS = List.of("acme", "acme2", "zeta");
    private static final List<String> NAMESPACES = List.of("feed", "feeds", "search");
    private static final List<String> PATTERNS = List.of("user:*", "user:*|page:*", "p");
    private static final Set<CacheOutcome> MISSES = Set.of(CacheOutcome.MISS, CacheOutcome.ERROR, CacheOutcome.UNKNOWN);
    private static final List<Duration> WINDOWS = List.of(Level.TEN_SECONDS, Level.MINUTE, Level.HOUR, Level.DAY);

    private record Counted(CacheDimension dimension, Instant at, CacheRead read) {}

    /** Remembers reads one by one; the only thing it shares with the topology is the tally. */
    private static final class Oracle {
        final List<Counted> reads = new ArrayList<>();
        long late;
        private Instant streamTime = Instant.MIN;

        void count(CacheReadBatch batch) {
            if (batch.getFirstAt().isAfter(streamTime)) {
                streamTime = batch.getFirstAt();
            }
            CacheDimension dimension = new CacheDimension(batch.getTenant(), batch.getNamespace(), batch.getPattern());
            for (CacheRead read : batch.getEntries()) {
                Instant at = batch.getFirstAt().plus(read.getOffsetMicros(), ChronoUnit.MICROS);
                Instant closes =
                        floor(at, Level.TEN_SECONDS).plus(Level.TEN_SECONDS).plus(TopologyHarness.PROPERTIES.grace());
                if (!closes.isAfter(streamTime)) {
                    late++;
                    continue;
                }
                reads.add(new Counted(dimension, at, read));
            }
        }

        List<CacheRead> readsOf(CacheDimension dimension, Instant start, Duration window) {
            return reads.stream()
                    .filter(counted -> counted.dimension().equals(dimension)
                            && floor(counted.at(), window).equals(start))
                    .map(Counted::read)
                    .toList();
        }

        Map<CacheDimension, CacheTally> sum(Instant from) {
            Map<CacheDimension, CacheTally> sums = new HashMap<>();
            reads.stream()
                    .filter(counted -> !counted.at().isBefore(from))
                    .forEach(counted -> sums.computeIfAbsent(counted.dimension(), key -> new CacheTally())
                            .add(counted.read()));
            return sums;
        }

        Map<CacheDimension, Map<Instant, CacheTally>> tallies(Duration window) {
            Map<CacheDimension, Map<Instant, CacheTally>> tallies = new HashMap<>();
            for (Counted counted : reads) {
                CacheRead read = counted.read();
                tallies.computeIfAbsent(counted.dimension(), key -> new HashMap<>())
                        .computeIfAbsent(floor(counted.at(), window), start -> new CacheTally())
                        .add(read);
            }
            return tallies;
        }
    }

    @RepeatedTest(12)
    void everyLevelHoldsWhatTheOracleCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Oracle oracle = new Oracle();
        Map<String, Rollup> rollups = new HashMap<>();
        try (TopologyHarness topology = new TopologyHarness()) {
            for (int i = 0; i < 300; i++) {
                topology.pass(Duration.ofMillis(random.nextInt(8_000)));
                CacheReadBatch batch = randomBatch(topology.now(), random);
                oracle.count(batch);
                topology.publish(batch);
                if (random.nextInt(60) == 0) {
                    assertThat(topology.stored()).as("while it is counted").isEqualTo(oracle.tallies(Level.MINUTE));
                }
            }
            topology.pass(Duration.ofHours(1));
            rollups.putAll(topology.newRollups());

            assertHolds(topology, oracle, WINDOWS);
            for (Duration window : WINDOWS) {
                topology.stored(window)
                        .forEach((dimension, windows) -> windows.forEach(
                                (start, tally) -> assertExplained(tally, oracle.readsOf(dimension, start, window))));
            }
            assertThat(topology.metered("sluice.metrics.late.reads")).isEqualTo((double) oracle.late);
            assertThat(topology.metered("sluice.metrics.pattern.reads")).isEqualTo((double) oracle.reads.size());
        }
        assertThat(oracle.late).as("the run has late reads").isPositive();
        assertThat(rollupsOf(rollups, Level.MINUTE)).isEqualTo(counts(oracle.tallies(Level.MINUTE)));
    }

    @RepeatedTest(12)
    void whatIsClosedByTheClockOfAQuietPartitionStaysRightWhenMoreComes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Oracle oracle = new Oracle();
        Map<String, Rollup> rollups = new HashMap<>();
        try (TopologyHarness topology = new TopologyHarness()) {
            for (int i = 0; i < 150; i++) {
                Duration pause = random.nextInt(5) == 0
                        ? Duration.ofMinutes(random.nextInt(300))
                        : Duration.ofSeconds(random.nextInt(40));
                topology.pass(pause);
                // What was published before the pause, and is read after it, is not late: stream time stood still.
                Instant at =
                        random.nextBoolean() ? topology.now() : topology.now().minus(pause);
                CacheReadBatch batch = randomBatch(at, random);
                oracle.count(batch);
                topology.publish(batch);
                rollups.putAll(topology.newRollups());
                if (random.nextInt(30) == 0) {
                    Duration window = WINDOWS.get(2 + random.nextInt(2));
                    assertThat(topology.stored(window))
                            .as(window + " while it is counted")
                            .isEqualTo(oracle.tallies(window));
                }
                if (random.nextInt(5) == 0) {
                    Instant from =
                            floor(topology.now(), Level.MINUTE).minus(Duration.ofMinutes(random.nextInt(24 * 60)));
                    assertThat(topology.sum(from)).as("in all since " + from).isEqualTo(oracle.sum(from));
                }
            }
            topology.pass(Duration.ofDays(2));
            rollups.putAll(topology.newRollups());

            assertHolds(topology, oracle, List.of(Level.HOUR, Level.DAY));
        }
        for (Duration window : List.of(Level.MINUTE, Level.HOUR, Level.DAY)) {
            assertThat(rollupsOf(rollups, window)).as(window.toString()).isEqualTo(counts(oracle.tallies(window)));
        }
    }

    /** An aggregator that was away reads hours of the log within a moment: nothing falls out of a store before it is added up. */
    @RepeatedTest(6)
    void whatIsReadLongAfterwardsInOneGoIsCountedAsIfItWereReadAtOnce(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Oracle oracle = new Oracle();
        try (TopologyHarness topology = new TopologyHarness()) {
            Instant start = topology.now();
            topology.clock.advance(Duration.ofDays(9));
            for (int i = 0; i < 200; i++) {
                CacheReadBatch batch = randomBatch(start.plus(Duration.ofHours(i)), random);
                oracle.count(batch);
                topology.publish(batch);
            }
            assertHolds(topology, oracle, List.of(Level.HOUR, Level.DAY));
        }
    }

    private static void assertHolds(TopologyHarness topology, Oracle oracle, List<Duration> windows) {
        for (Duration window : windows) {
            assertThat(topology.stored(window)).as(window.toString()).isEqualTo(oracle.tallies(window));
        }
    }

    /** What a tally says of misses, loads and keys, against reads that are counted one by one. */
    private static void assertExplained(CacheTally tally, List<CacheRead> reads) {
        Map<MissCause, Long> causes = new EnumMap<>(MissCause.class);
        Map<Long, Long> keys = new HashMap<>();
        for (CacheRead read : reads) {
            keys.merge(read.getKeyHash(), 1L, Long::sum);
            if (MISSES.contains(read.getOutcome())) {
                MissCause cause = read.getMissClass() == MissClass.UNKNOWN
                        ? MissCause.UNEXPLAINED
                        : MissCause.valueOf(read.getMissClass().name());
                causes.merge(cause, 1L, Long::sum);
            }
        }
        long sum = 0;
        for (MissCause cause : MissCause.values()) {
            assertThat(tally.count(cause)).as(cause.label()).isEqualTo(causes.getOrDefault(cause, 0L));
            sum += tally.count(cause);
        }
        assertThat(sum).as("causes add up to the misses").isEqualTo(tally.misses());
        assertThat(tally.loads())
                .isEqualTo(
                        reads.stream().filter(read -> read.getLoadMicros() > 0).count());
        assertThat(tally.loadMicros())
                .isEqualTo(reads.stream().mapToLong(CacheRead::getLoadMicros).sum());
        long error = tally.frequent().maxError();
        assertThat(error).isLessThanOrEqualTo(reads.size() / (FrequentKeys.CAPACITY + 1));
        assertThat(tally.frequent().top())
                .allSatisfy(key -> assertThat(keys.get(key.hash())).isBetween(key.count(), key.count() + error));
        assertThat(tally.frequent().top().size()).isGreaterThanOrEqualTo((int)
                keys.values().stream().filter(count -> count > error).count());
    }

    /** Reads and bytes by what and when. */
    private static Map<String, List<Long>> counts(Map<CacheDimension, Map<Instant, CacheTally>> tallies) {
        Map<String, List<Long>> counts = new HashMap<>();
        tallies.forEach((dimension, windows) -> windows.forEach((start, tally) -> counts.put(
                dimension.tenant() + "|" + dimension.namespace() + "/" + dimension.pattern() + "|" + start,
                List.of(tally.reads(), tally.bytes()))));
        return counts;
    }

    /** The newest of each window. */
    private static Map<String, List<Long>> rollupsOf(Map<String, Rollup> rollups, Duration window) {
        Map<String, List<Long>> counts = new HashMap<>();
        for (Rollup rollup : rollups.values()) {
            if (rollup.getWindowSeconds() == window.toSeconds()) {
                long reads = 0;
                for (ReadOutcome outcome : ReadOutcome.values()) {
                    reads += rollup.getCounts().getOrDefault(outcome.label(), 0L);
                }
                counts.put(
                        rollup.getTenant() + "|" + rollup.getName() + "|" + rollup.getWindowStart(),
                        List.of(reads, rollup.getCounts().getOrDefault("bytes", 0L)));
            }
        }
        return counts;
    }

    private static Instant floor(Instant at, Duration window) {
        long millis = at.toEpochMilli();
        return Instant.ofEpochMilli(millis - millis % window.toMillis());
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
