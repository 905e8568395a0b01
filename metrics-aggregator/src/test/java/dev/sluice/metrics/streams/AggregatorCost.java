package dev.sluice.metrics.streams;

import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.streams.CostProcess.Work;
import dev.sluice.metrics.streams.ThreadTimes.Purpose;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import dev.sluice.schemas.Topics;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what a read costs the aggregator in CPU time, beside a consumer that only decodes and a topology as one writes it first; what a key costs
 * in memory; and how quickly windows are restored. The build does not run it; benchmarks/README.md says how to.
 */
class AggregatorCost {
    private static final int READS_OF_A_BATCH = Integer.getInteger("reads", 200);
    private static final int BATCHES = Integer.getInteger("batches", 500_000);
    private static final int PATTERNS = Integer.getInteger("patterns", 60);
    private static final int TURNS = Integer.getInteger("turns", 2);

    /** So much of the log warms a process up before it is measured. */
    private static final double WARM = 0.5;

    /** Settings of Flight Recorder, such as benchmarks/cpu.jfc; then each process leaves a recording among the temporary files. */
    private static final String PROFILE = System.getProperty("profile", "");

    private static final Duration SPAN = Duration.ofMinutes(Integer.getInteger("minutes", 15));
    private static final List<Work> WORKS = Arrays.stream(
                    System.getProperty("works", "DECODE,AGGREGATE,NAIVE,FLINK").split(","))
            .map(Work::valueOf)
            .toList();

    /** Where the job of Flink is built, if it is. */
    private static final Path PEER = Path.of(System.getProperty("peer", "../benchmarks/aggregator-peer/target"))
            .toAbsolutePath();

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    @Test
    void printsWhatAReadCosts() throws Exception {
        PrintStream out = System.out;
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                CacheReadsLog log = new CacheReadsLog(AggregatorProcess.newClients(kafka.bootstrapServers()), "none")) {
            publish(log);
            out.printf("%d batches of %d reads, %d patterns over %s%n", BATCHES, READS_OF_A_BATCH, PATTERNS, SPAN);
            Cost decoding = null;
            for (int turn = 0; turn < TURNS; turn++) {
                for (Work work : WORKS) {
                    if (work != Work.FLINK || Files.isDirectory(PEER.resolve("libraries"))) {
                        Cost cost = measure(kafka, work, work + "-" + turn);
                        decoding = work == Work.DECODE ? cost : decoding;
                        out.printf("%-10s %s%s%n", work, cost, decoding == null ? "" : cost.beside(decoding));
                    }
                }
            }
        }
    }

    /** What a warm process took for reads, and of that what its compilers took, which go on for long after all that matters is compiled. */
    private record Cost(long reads, long cpuNanos, long wallNanos, ThreadTimes threads) {
        private double each() {
            return (double) cpuNanos / reads;
        }

        private double eachWithoutCompiling() {
            return (double) (cpuNanos - threads.of(Purpose.COMPILING)) / reads;
        }

        String beside(Cost decoding) {
            return "; %.3f of decoding, %.3f without compiling"
                    .formatted(decoding.each() / each(), decoding.eachWithoutCompiling() / eachWithoutCompiling());
        }

        @Override
        public String toString() {
            double second = (double) TimeUnit.SECONDS.toNanos(1);
            return "%,d reads, %.0f ns of CPU each (%s), %,.0f reads per core-second, %,.0f reads/s"
                    .formatted(reads, each(), threads.ofEach(reads), second / each(), reads * second / wallNanos);
        }
    }

    @Test
    void printsWhatAKeyCostsAndHowQuicklyItIsRestored() throws Exception {
        PrintStream out = System.out;
        String application = "memory";
        int keys = Integer.getInteger("keys", 600);
        int minutes = 60;
        try (IsolatedKafka kafka = LocalKafka.newIsolated();
                CacheReadsLog log =
                        new CacheReadsLog(AggregatorProcess.newClients(kafka.bootstrapServers()), application)) {
            int batches = publishHour(log, keys, minutes);
            StreamsRunner runner = runner(kafka, application, "first");
            long before = usedBytes();
            runner.start();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> log.committedOffset() == batches);
            out.printf(
                    "%d keys, each read in every ten seconds of an hour: %,d bytes of heap a key%n",
                    keys, (usedBytes() - before) / keys);
            runner.stop();
            long changes = 0;
            for (int level = 0; level < 4; level++) {
                changes += log.endOffset(application + "-"
                        + CacheStatsTopology.ladderOf(TopologyHarness.PROPERTIES)
                                .storeOf(level) + "-changelog");
            }
            StreamsRunner again = runner(kafka, application, "again");
            long started = System.nanoTime();
            again.start();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> again.status().isRunning());
            double seconds = (System.nanoTime() - started) / 1e9;
            again.stop();
            out.printf(
                    "%,d records of changelogs: running again after %.1f s, %,.0f records/s with the start%n",
                    changes, seconds, changes / seconds);
        }
    }

    private StreamsRunner runner(IsolatedKafka kafka, String application, String name) throws Exception {
        return AggregatorProcess.newRunner(
                kafka.bootstrapServers(), application, Files.createDirectories(folder.resolve(name)));
    }

    private static int publishHour(CacheReadsLog log, int keys, int minutes) {
        Random random = new Random(2);
        Instant start = Instant.now().minus(Duration.ofMinutes(minutes + 1L));
        int batches = 0;
        for (int window = 0; window < minutes * 6; window++) {
            List<CacheReadBatch> together = new ArrayList<>(keys);
            for (int key = 0; key < keys; key++) {
                together.add(batch(random, start.plusSeconds(window * 10L), key, 12));
            }
            log.publish(together);
            batches += keys;
        }
        return batches;
    }

    /** What is left after collections. */
    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private Cost measure(IsolatedKafka kafka, Work work, String group) throws Exception {
        Path stateDir = Files.createDirectories(folder.resolve(group));
        // So much of the log that each is measured for some seconds, when all of it is compiled.
        double share = switch (work) {
            case DECODE, AGGREGATE -> 1;
            case NAIVE -> 0.01;
            case FLINK -> 0.25;
        };
        try (CacheReadsLog log = CacheReadsLog.asOf(AggregatorProcess.newClients(kafka.bootstrapServers()), group)) {
            Process process = start(kafka, group, stateDir, work);
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .ignoreExceptions()
                        .until(() -> log.committedOffset() >= WARM * share * BATCHES);
                long from = log.committedOffset();
                ThreadTimes threadsBefore = ThreadTimes.of(process);
                long cpuBefore = cpuNanos(process);
                long before = System.nanoTime();
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .ignoreExceptions()
                        .until(() -> log.committedOffset() >= share * BATCHES);
                long cpu = cpuNanos(process) - cpuBefore;
                long wall = System.nanoTime() - before;
                long reads = (log.committedOffset() - from) * READS_OF_A_BATCH;
                return new Cost(reads, cpu, wall, ThreadTimes.of(process).since(threadsBefore));
            } finally {
                // What it has recorded is written as it ends.
                process.destroy();
                process.waitFor(10, TimeUnit.SECONDS);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static long cpuNanos(Process process) {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static Process start(IsolatedKafka kafka, String group, Path stateDir, Work work) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC"));
        if (!PROFILE.isEmpty()) {
            command.add("-XX:StartFlightRecording:settings=" + PROFILE + ",filename="
                    + Path.of(System.getProperty("java.io.tmpdir"), "cost-" + group + ".jfr"));
        }
        command.addAll(
                work == Work.FLINK
                        ? flink(kafka, group, stateDir)
                        : List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                CostProcess.class.getName(),
                                kafka.bootstrapServers(),
                                group,
                                stateDir.toString(),
                                work.name()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(stateDir.toFile(), "process.log"))
                .start();
    }

    private static List<String> flink(IsolatedKafka kafka, String group, Path stateDir) {
        return List.of(
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                PEER.resolve("classes") + File.pathSeparator + PEER.resolve("libraries") + File.separator + "*",
                "dev.sluice.benchmarks.aggregator.FlinkReads",
                kafka.bootstrapServers(),
                group,
                stateDir.toString(),
                Topics.CACHE_READS.name(),
                Topics.ROLLUPS.name());
    }

    /** Reads as a node has them: most are hits of a microsecond, and keys are met again and again. */
    private static void publish(CacheReadsLog log) {
        Random random = new Random(1);
        Instant start = Instant.now().minus(SPAN).minus(Duration.ofMinutes(1));
        int chunk = 5_000;
        for (int from = 0; from < BATCHES; from += chunk) {
            List<CacheReadBatch> batches = new ArrayList<>(chunk);
            for (int i = from; i < Math.min(BATCHES, from + chunk); i++) {
                batches.add(batch(
                        random, start.plus(SPAN.multipliedBy(i).dividedBy(BATCHES)), i % PATTERNS, READS_OF_A_BATCH));
            }
            log.publish(batches);
        }
    }

    private static CacheReadBatch batch(Random random, Instant at, int pattern, int count) {
        List<CacheRead> reads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(20);
            CacheOutcome outcome =
                    kind < 16 ? CacheOutcome.L1_HIT : kind < 18 ? CacheOutcome.L2_HIT : CacheOutcome.MISS;
            double median = outcome == CacheOutcome.L1_HIT ? 700 : outcome == CacheOutcome.L2_HIT ? 150_000 : 8_000_000;
            reads.add(CacheRead.newBuilder()
                    .setOffsetMicros(i * 100_000L / count)
                    .setOutcome(outcome)
                    .setLatencyNanos((long) (median * Math.exp(random.nextGaussian() * 0.5)))
                    .setSizeBytes(outcome == CacheOutcome.MISS ? 0 : 200 + random.nextInt(4_000))
                    .setKeyHash(((long) (random.nextGaussian() * 500)) * 0x9E3779B97F4A7C15L)
                    .setMissClass(MissClass.UNKNOWN)
                    .build());
        }
        return CacheReadBatch.newBuilder()
                .setTenant("tenant-" + pattern % 3)
                .setNamespace("feed")
                .setPattern("user:*:" + pattern)
                .setNode("node-1")
                .setFirstAt(at)
                .setEntries(reads)
                .build();
    }
}
