package dev.sluice.metrics.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.alert.TenantsQuestion.Source;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.anomaly.Judged;
import dev.sluice.metrics.anomaly.Measure;
import dev.sluice.metrics.anomaly.Season;
import dev.sluice.metrics.anomaly.Watched;
import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.Batches;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hours as they are counted from the log, of namespaces whose patterns are apart. */
class AnomalyFiguresTest {
    private static final AnomalyProperties TERMS =
            new AnomalyProperties(true, Duration.ofMinutes(1), Duration.ofMinutes(10), 0.25, 50, 2000, 20);

    private final FactHarness<CacheReadBatch, CacheTally> topology = new FactHarness<>(
            Topics.CACHE_READS,
            CacheStatsTopology.ladderOf(TopologyHarness.PROPERTIES),
            (clock, counters) -> new CacheStatsTopology(TopologyHarness.PROPERTIES, clock, counters).build());

    private final AnomalyFigures figures = new AnomalyFigures(
            TERMS,
            List.of(new AnomalyFigures.Source<>(
                    "namespace",
                    (from, to) -> {
                        TenantsQuestion<CacheTally> asked =
                                new TenantsQuestion<>(Source.ofNamespaces(topology.reader()), from, to);
                        return asked.decode(asked.read(Set.of(0)).encode());
                    },
                    Figure.OF_NAMESPACES)));

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void aNamespaceIsJudgedByAllItsPatternsInTheHourThatRuns() {
        for (int hour = 0; hour < 12; hour++) {
            read("acme", "feed", "user:*", 60, 54);
            read("acme", "feed", "page:*", 60, 54);
            read("zeta", "feed", "user:*", 120, 60);
            topology.pass(Duration.ofHours(1));
        }
        read("acme", "feed", "user:*", 60, 6);
        read("acme", "feed", "page:*", 60, 54);
        read("zeta", "feed", "user:*", 120, 60);

        Judged unusual = find("acme", Measure.HIT_RATE).orElseThrow();
        assertThat(unusual.value()).isEqualTo(0.5);
        assertThat(unusual.volume()).isEqualTo(120);
        assertThat(unusual.usual().usual()).isEqualTo(0.9);
        assertThat(unusual.usual().season()).isEqualTo(Season.RECENT_HOURS);
        assertThat(unusual.usual().hours()).hasSize(12);
        assertThat(unusual.isUnusual()).isTrue();
        assertThat(find("zeta", Measure.HIT_RATE).orElseThrow().isUnusual()).isFalse();
        assertThat(find("acme", Measure.P95_RESPONSE_TIME_MS).orElseThrow().isUnusual())
                .isFalse();
    }

    @Test
    void theHourBeforeStandsInWhileTheOneThatRunsHasTooFewReads() {
        for (int hour = 0; hour < 8; hour++) {
            read("acme", "feed", "user:*", 120, hour == 7 ? 12 : 108);
            topology.pass(Duration.ofHours(1));
        }
        read("acme", "feed", "user:*", 99, 99);

        Judged judged = find("acme", Measure.HIT_RATE).orElseThrow();
        assertThat(judged.value()).isEqualTo(0.1);
        assertThat(judged.isUnusual()).isTrue();
        assertThat(judged.usual().hours()).hasSize(7).doesNotContain(judged.hour());
    }

    @Test
    void whatHasTooFewHoursBehindItIsNotJudged() {
        for (int hour = 0; hour < 5; hour++) {
            read("acme", "feed", "user:*", 120, 108);
            topology.pass(Duration.ofHours(1));
        }
        read("acme", "feed", "user:*", 120, 0);
        assertThat(figures.read(topology.now())).isEmpty();
    }

    private Optional<Judged> find(String tenant, Measure measure) {
        Watched what = new Watched(tenant, "namespace", "feed", measure);
        return figures.read(topology.now()).stream()
                .filter(judged -> judged.what().equals(what))
                .findFirst();
    }

    private void read(String tenant, String namespace, String pattern, int reads, int hits) {
        CacheRead[] all = new CacheRead[reads];
        Arrays.setAll(
                all, i -> Batches.read(i < hits ? CacheOutcome.L1_HIT : CacheOutcome.MISS, Duration.ofMillis(2), 10));
        topology.publish(Batches.of(tenant, namespace, pattern, topology.now(), all));
    }
}
