package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.TenantsQuestion.Source;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.anomaly.Judged;
import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.metrics.topology.Batches;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Prints what the watch for the unusual keeps and takes where there are thousands of names. The build does not run it; benchmarks/README.md says how to. */
class AnomalyCost {
    private static final AnomalyProperties TERMS =
            new AnomalyProperties(true, Duration.ofMinutes(1), Duration.ofMinutes(10), 0.25, 50, 2000, 20);

    private static final Instant NOW = Instant.parse("2026-03-18T20:40:00Z");
    private static final int NAMESPACES_OF_A_TENANT = 40;
    private static final PrintStream OUT = System.out;

    /** Three figures of each name, as if it were a namespace and a route: two of the one, one of the other. */
    @Test
    void printsWhatIsKeptAndWhatALookTakes() {
        for (int names : new int[] {250, 250, 1_000, 2_000, 8_000}) {
            byte[] hour = hourOf(names);
            AlertWatch.Figures.Reader<CacheTally> reader = (from, to) -> TenantTallies.decode(CacheTally.KIND, hour);
            AnomalyFigures figures = new AnomalyFigures(
                    TERMS,
                    List.of(
                            new AnomalyFigures.Source<>("namespace", reader, Figure.OF_NAMESPACES),
                            new AnomalyFigures.Source<>("route", reader, List.of(Figure.OF_NAMESPACES.getLast()))));
            long before = usedBytes();
            Timed<List<Judged>> first = Timed.of(() -> figures.read(NOW));
            long kept = usedBytes() - before;
            Timed<List<Judged>> next = Timed.of(() -> figures.read(NOW.plusSeconds(120)));
            OUT.printf(
                    "%,d names: %,d figures judged, %,d kB kept, the first look %,d ms, the next %,d ms%n",
                    names, next.result.size(), kept / 1024, first.millis, next.millis);
        }
    }

    /** What of a look is reading the hour that runs, of which the windows are not added up yet. */
    @Test
    void printsWhatReadingTheRunningHourTakes() {
        int names = 100;
        try (FactHarness<CacheReadBatch, CacheTally> topology = new FactHarness<>(
                Topics.CACHE_READS,
                CacheStatsTopology.ladderOf(TopologyHarness.PROPERTIES),
                (clock, counters) -> new CacheStatsTopology(TopologyHarness.PROPERTIES, clock, counters).build())) {
            CacheRead[] reads = new CacheRead[12];
            Arrays.setAll(
                    reads,
                    i -> Batches.read(i < 9 ? CacheOutcome.L1_HIT : CacheOutcome.MISS, Duration.ofMillis(i), 10));
            for (int window = 0; window < 330; window++) {
                for (int name = 0; name < names; name++) {
                    topology.publish(Batches.of("tenant", "namespace-" + name, "user:*", topology.now(), reads));
                }
                topology.pass(Duration.ofSeconds(10));
            }
            Instant from = topology.now().minus(Duration.ofMinutes(55));
            TenantsQuestion<CacheTally> question = new TenantsQuestion<>(
                    Source.ofNamespaces(topology.reader()), from.minus(Duration.ofHours(1)), topology.now());
            for (int turn = 0; turn < 5; turn++) {
                Timed<TenantTallies<CacheTally>> read = Timed.of(() -> question.read(Set.of(0)));
                OUT.printf(
                        "%d names in %d windows of ten seconds: %,d ms%n",
                        read.result.byTenant().size(), 330, read.millis);
            }
        }
    }

    private static byte[] hourOf(int names) {
        Random random = new Random(1);
        TenantTallies<CacheTally> hour = new TenantTallies<>(CacheTally.KIND);
        Map<String, CacheTally> known = new HashMap<>();
        for (int name = 0; name < names; name++) {
            CacheTally tally = new CacheTally();
            for (int read = 0; read < 300; read++) {
                tally.add(
                        read % 4 == 0 ? ReadOutcome.MISS : ReadOutcome.L1_HIT,
                        (long) (1e6 * Math.exp(random.nextGaussian())),
                        100,
                        random.nextLong());
            }
            known.put(AnomalyFigures.keyOf("tenant-" + name / NAMESPACES_OF_A_TENANT, "namespace-" + name), tally);
        }
        known.forEach(hour::add);
        return hour.encode();
    }

    private record Timed<T>(T result, long millis) {
        static <T> Timed<T> of(Supplier<T> work) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            T result = work.get();
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            return new Timed<>(result, nanos / 1_000_000);
        }
    }

    /** What is left after collections. */
    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
