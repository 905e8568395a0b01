package dev.sluice.metrics.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.usage.Requests;
import dev.sluice.metrics.usage.UsageOracle;
import dev.sluice.metrics.usage.UsageReader;
import dev.sluice.metrics.usage.UsageScale;
import dev.sluice.metrics.usage.UsageTally;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.RequestBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of the work, three times: every request is counted once, and the log says the same. */
class ExactUsageUnderKillIT {
    private static final String APPLICATION = "usage-kill-test";
    private static final int BATCHES = 20_000;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void countsEveryRequestOnceThoughTheProcessIsKilledAgainAndAgain() throws Exception {
        Path stateDir = Files.createDirectories(folder.resolve("state"));
        UsageOracle oracle = new UsageOracle();
        List<RequestBatch> batches = randomBatches(Randomness.seeded());
        batches.forEach(oracle::count);
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                CacheReadsLog log =
                        new CacheReadsLog(AggregatorProcess.newClients(kafka.bootstrapServers()), APPLICATION)) {
            RequestsLog requests = new RequestsLog(AggregatorProcess.newClients(kafka.bootstrapServers()));
            requests.publish(batches);
            for (int kill = 0; kill < KILLS; kill++) {
                killInTheMiddle(log, kafka.bootstrapServers(), stateDir);
            }
            assertThat(log.committedOffset()).as("killed before it was done").isLessThan(BATCHES);

            StreamsRunner last = AggregatorProcess.newRunner(kafka.bootstrapServers(), APPLICATION, stateDir);
            last.start();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> log.committedOffset() == BATCHES);
            await().atMost(PATIENCE).until(() -> last.status().isRunning());
            assertThat(stored(last, UsageScale.MINUTES)).isEqualTo(oracle.by(ChronoUnit.MINUTES));
            assertThat(stored(last, UsageScale.DAYS)).isEqualTo(oracle.by(ChronoUnit.DAYS));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    UsageOracle.sumOfParts(requests.readUsage().values()))
                            .isEqualTo(oracle.by(ChronoUnit.DAYS)));
            last.stop();
        }
    }

    private static void killInTheMiddle(CacheReadsLog log, String bootstrapServers, Path stateDir) throws Exception {
        long before = log.committedOffset();
        Process process = AggregatorProcess.start(bootstrapServers, APPLICATION, stateDir);
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> log.committedOffset() > before);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Some hours of requests over a midnight perhaps, of which a key's lie in all partitions. */
    private static List<RequestBatch> randomBatches(Random random) {
        Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofHours(12));
        long stepMillis = Duration.ofHours(11).toMillis() / BATCHES;
        List<RequestBatch> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            Instant at = start.plusMillis(i * stepMillis).plusMillis(random.nextInt(60_000));
            batches.add(Requests.random("tenant-" + random.nextInt(2), "route-" + random.nextInt(9), at, random));
        }
        return batches;
    }

    /** As it is asked for: the parts of all partitions added up. */
    private static Map<String, UsageTally> stored(StreamsRunner runner, UsageScale scale) {
        UsageReader reader = new UsageReader(
                partition -> runner.store(UsageTopology.STORE, QueryableStoreTypes.keyValueStore(), partition));
        Set<Integer> partitions =
                runner.owners(UsageTopology.STORE).byPartition().keySet();
        Map<String, UsageTally> tallies = new TreeMap<>();
        for (String tenant : List.of("tenant-0", "tenant-1")) {
            Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
            reader.read(
                    partitions,
                    new UsageReader.Selection(tenant, null, scale, Instant.EPOCH, tomorrow),
                    (key, group, at, tally) -> tallies.merge(
                            String.join("|", tenant, key, group, at.toString()), tally, UsageTally::plus));
        }
        return tallies;
    }
}
