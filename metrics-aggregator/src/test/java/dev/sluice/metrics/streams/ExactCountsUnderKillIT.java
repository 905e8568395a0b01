package dev.sluice.metrics.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.replay.MetricsReplay;
import dev.sluice.metrics.replay.ReplayRange;
import dev.sluice.metrics.replay.RollupDifference;
import dev.sluice.metrics.streams.AggregatorProcess.Promise;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.metrics.topology.Batches;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/**
 * {@code kill -9} in the middle of the work, of each of three instances in turn: every read is counted once, every rollup emitted once. And the
 * same with a broken promise, which shows that such counts are told from exact ones.
 */
class ExactCountsUnderKillIT {
    private static final String APPLICATION = "kill-test";
    private static final int BATCHES = 30_000;
    private static final int INSTANCES = 3;
    private static final List<String> TENANTS = List.of("tenant-0", "tenant-1", "tenant-2");
    private static final Ladder<CacheTally> LADDER = CacheStatsTopology.ladderOf(TopologyHarness.PROPERTIES);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void countsEveryReadOnceThoughEachInstanceIsKilledInTurn() throws Exception {
        List<CacheReadBatch> batches = randomBatches(Randomness.seeded(), BATCHES);
        List<Process> instances = new ArrayList<>();
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                CacheReadsLog log =
                        new CacheReadsLog(AggregatorProcess.newClients(kafka.bootstrapServers()), APPLICATION)) {
            for (int instance = 0; instance < INSTANCES; instance++) {
                instances.add(start(kafka, instance));
            }
            for (int turn = 0; turn < INSTANCES; turn++) {
                log.publish(batches.subList(turn * BATCHES / INSTANCES, (turn + 1) * BATCHES / INSTANCES));
                awaitHalfway(log);
                instances.get(turn).destroyForcibly().waitFor();
                assertThat(log.committedOffset()).as("killed in the middle").isLessThan(log.endOffset());
                instances.set(turn, start(kafka, turn));
            }
            await().atMost(PATIENCE).ignoreExceptions().until(() -> log.committedOffset() == BATCHES);
            stop(instances);

            StreamsRunner last = AggregatorProcess.newRunner(kafka.bootstrapServers(), APPLICATION, folderOf(9));
            last.start();
            await().atMost(PATIENCE).until(() -> last.status().isRunning());
            Map<CacheDimension, Map<Instant, CacheTally>> expected = tallyOneByOne(batches);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(storedTallies(last)).isEqualTo(expected));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(readsOfClosedWindows(log, batches))
                            .isEqualTo(expectedReadsOfClosedWindows(expected, batches)));
            last.stop();
            assertThat(log.readRollups().values())
                    .as("each rollup once, and again only with what came for it after the clock had closed it")
                    .allSatisfy(versions -> assertThat(versions.stream().map(ExactCountsUnderKillIT::readsOf))
                            .doesNotHaveDuplicates());
            countedOnceMoreAllIsTheSame(kafka, log, batches);
        } finally {
            stop(instances);
        }
    }

    /** But for one rollup that is made wrong first, to see that it is found. */
    private void countedOnceMoreAllIsTheSame(IsolatedKafka kafka, CacheReadsLog log, List<CacheReadBatch> batches)
            throws Exception {
        ReplayRange range = new ReplayRange(
                batches.getFirst().getFirstAt().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(20)),
                surelyClosed(batches));
        Map<String, List<Rollup>> stored = log.readRollups();
        Map.Entry<String, List<Rollup>> first = stored.entrySet().stream()
                .filter(versions ->
                        versions.getValue().getLast().getWindowStart().equals(range.from()))
                .findFirst()
                .orElseThrow();
        String wrong = first.getKey();
        Rollup forged = Rollup.newBuilder(first.getValue().getLast()).build();
        forged.setCounts(new HashMap<>(forged.getCounts()));
        forged.getCounts().merge(ReadOutcome.MISS.label(), 1L, Long::sum);
        log.publish(wrong, forged);

        MetricsReplay.Result again = new MetricsReplay(
                        AggregatorProcess.newClients(kafka.bootstrapServers()),
                        new StreamsProperties(
                                "replay-test",
                                folderOf(INSTANCES),
                                1,
                                0,
                                Duration.ofMillis(100),
                                DataSize.ofMegabytes(8),
                                null),
                        TopologyHarness.PROPERTIES,
                        AggregatorProcess.KEPT,
                        Clock.systemUTC())
                .run(range, (records, all) -> {});
        assertThat(again.differences()).extracting(RollupDifference::key).containsExactly(wrong);
        assertThat(again.windows())
                .isEqualTo((int) stored.values().stream()
                        .map(List::getLast)
                        .filter(rollup -> !rollup.getWindowStart().isBefore(range.from())
                                && !rollup.getWindowStart()
                                        .plusSeconds(rollup.getWindowSeconds())
                                        .isAfter(range.to()))
                        .count())
                .isGreaterThan(100);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(log.topicsOf("replay-test"))
                        .as("nothing is left behind")
                        .isEmpty());
    }

    /** The control: without exactly once the same comparison finds what was counted twice. */
    @Test
    void aBrokenPromiseShowsInTheCounts() throws Exception {
        int few = 2_000;
        List<CacheReadBatch> batches = randomBatches(Randomness.seeded(), few);
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                CacheReadsLog log =
                        new CacheReadsLog(AggregatorProcess.newClients(kafka.bootstrapServers()), APPLICATION)) {
            log.publish(batches);
            String changelog = APPLICATION + "-" + LADDER.storeOf(0) + "-changelog";
            Process broken =
                    AggregatorProcess.start(kafka.bootstrapServers(), APPLICATION, folderOf(0), Promise.AT_LEAST_ONCE);
            try {
                await().atMost(PATIENCE).ignoreExceptions().until(() -> log.endOffset(changelog) >= few / 2);
            } finally {
                broken.destroyForcibly().waitFor();
            }
            assertThat(log.committedOffset())
                    .as("it has not said how far it was")
                    .isZero();

            StreamsRunner last = AggregatorProcess.newRunner(kafka.bootstrapServers(), APPLICATION, folderOf(0));
            last.start();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> log.committedOffset() == few);
            await().atMost(PATIENCE).until(() -> last.status().isRunning());
            assertThat(readsOf(storedTallies(last))).isGreaterThan(readsOf(tallyOneByOne(batches)));
            last.stop();
        }
    }

    private static void awaitHalfway(CacheReadsLog log) throws Exception {
        long before = log.committedOffset();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> log.committedOffset() > before);
    }

    private Process start(IsolatedKafka kafka, int instance) throws Exception {
        return AggregatorProcess.start(kafka.bootstrapServers(), APPLICATION, folderOf(instance));
    }

    private static void stop(List<Process> instances) throws Exception {
        for (Process instance : instances) {
            instance.destroyForcibly().waitFor();
        }
    }

    private Path folderOf(int instance) throws Exception {
        return Files.createDirectories(folder.resolve("instance-" + instance));
    }

    private static long readsOf(Map<CacheDimension, Map<Instant, CacheTally>> tallies) {
        return tallies.values().stream()
                .flatMap(windows -> windows.values().stream())
                .mapToLong(CacheTally::reads)
                .sum();
    }

    /** Two hours of reads, in order but for a minute here and there, up to ten minutes ago. */
    private static List<CacheReadBatch> randomBatches(Random random, int count) {
        Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(130));
        long stepMillis = Duration.ofHours(2).toMillis() / count;
        List<CacheReadBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant at = start.plusMillis(i * stepMillis).plusMillis(random.nextInt(60_000));
            batches.add(
                    Batches.random(TENANTS.get(random.nextInt(3)), "feed", "user:*:" + random.nextInt(4), at, random));
        }
        return batches;
    }

    private static Map<CacheDimension, Map<Instant, CacheTally>> tallyOneByOne(List<CacheReadBatch> batches) {
        Map<CacheDimension, Map<Instant, CacheTally>> tallies = new HashMap<>();
        for (CacheReadBatch batch : batches) {
            CacheDimension dimension = new CacheDimension(batch.getTenant(), batch.getNamespace(), batch.getPattern());
            for (CacheRead read : batch.getEntries()) {
                Instant window = batch.getFirstAt()
                        .plus(read.getOffsetMicros(), ChronoUnit.MICROS)
                        .truncatedTo(ChronoUnit.MINUTES);
                tallies.computeIfAbsent(dimension, key -> new HashMap<>())
                        .computeIfAbsent(window, key -> new CacheTally())
                        .add(read);
            }
        }
        return tallies;
    }

    private static Map<CacheDimension, Map<Instant, CacheTally>> storedTallies(StreamsRunner runner) {
        Map<CacheDimension, Map<Instant, CacheTally>> tallies = new HashMap<>();
        LadderReader<CacheTally> reader = new LadderReader<>(
                LADDER, (store, partition) -> runner.store(store, QueryableStoreTypes.windowStore(), partition));
        int minutes = LADDER.levelOf(Level.MINUTE);
        for (int partition :
                runner.owners(LADDER.storeOf(minutes)).byPartition().keySet()) {
            for (String tenant : TENANTS) {
                reader.read(
                        partition,
                        minutes,
                        new Selection(CacheDimension.rangeOf(tenant), Instant.EPOCH, Instant.now()),
                        (key, start, tally) -> tallies.computeIfAbsent(
                                        CacheDimension.ofStoreKey(key), absent -> new HashMap<>())
                                .computeIfAbsent(Instant.ofEpochMilli(start), absent -> new CacheTally())
                                .merge(tally));
            }
        }
        return tallies;
    }

    /** Windows that are closed on every partition, whichever has advanced least. */
    private static Instant surelyClosed(List<CacheReadBatch> batches) {
        return batches.getLast().getFirstAt().minus(Duration.ofMinutes(15)).truncatedTo(ChronoUnit.MINUTES);
    }

    private static long expectedReadsOfClosedWindows(
            Map<CacheDimension, Map<Instant, CacheTally>> expected, List<CacheReadBatch> batches) {
        return expected.values().stream()
                .flatMap(windows -> windows.entrySet().stream())
                .filter(window -> window.getKey().isBefore(surelyClosed(batches)))
                .mapToLong(window -> window.getValue().reads())
                .sum();
    }

    private static long readsOfClosedWindows(CacheReadsLog log, List<CacheReadBatch> batches) {
        return log.readRollups().values().stream()
                .map(List::getLast)
                .filter(rollup -> rollup.getWindowSeconds() == Level.MINUTE.toSeconds())
                .filter(rollup -> rollup.getWindowStart().isBefore(surelyClosed(batches)))
                .mapToLong(ExactCountsUnderKillIT::readsOf)
                .sum();
    }

    private static long readsOf(Rollup rollup) {
        long reads = 0;
        for (ReadOutcome outcome : ReadOutcome.values()) {
            reads += rollup.getCounts().getOrDefault(outcome.label(), 0L);
        }
        return reads;
    }
}
