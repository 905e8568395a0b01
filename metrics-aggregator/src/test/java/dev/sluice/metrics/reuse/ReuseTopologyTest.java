package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReuseTopologyTest {
    private final FactHarness<CacheReadBatch, ReuseTally> topology = new FactHarness<>(
            Topics.CACHE_READS,
            ReuseTopology.ladderOf(TopologyHarness.PROPERTIES),
            (clock, counters) -> new ReuseTopology(TopologyHarness.PROPERTIES)
                    .addTo(
                            new CacheStatsTopology(TopologyHarness.PROPERTIES, clock, counters).build(),
                            CacheStatsTopology.SOURCE));

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void keepsNamespacesAndTenantsApart() {
        publish("acme", "feed", "node-1", 3);
        publish("acme", "search", "node-1", 2);
        publish("zeta", "feed", "node-1", 1);

        assertThat(read("acme", "0/feed").reads()).isEqualTo(3);
        assertThat(read("acme", "0/search").reads()).isEqualTo(2);
        assertThat(read("zeta", "0/feed").reads()).isEqualTo(1);
    }

    @Test
    void findsDistancesOverBatches() {
        publish("acme", "feed", "node-1", 10);
        topology.pass(Duration.ofSeconds(40));
        publish("acme", "feed", "node-1", 10);

        MissRatioCurve curve = MissRatioCurve.of(List.of(read("acme", "0/feed")));

        assertThat(curve.hitRate(9)).isLessThan(0.01);
        assertThat(curve.hitRate(10)).isEqualTo(0.5);
    }

    @Test
    void givesEachNodeDistancesOfItsOwn() {
        publish("acme", "feed", "node-1", 10);
        publish("acme", "feed", "node-2", 10);

        ReuseTally tally = read("acme", "0/feed");

        assertThat(tally.reads()).isEqualTo(20);
        assertThat(tally.samples()).isEqualTo(2);
        assertThat(tally.firstReads()).isEqualTo(20);
    }

    @Test
    void leavesOutWhatThereIsNoRoomFor() {
        for (int namespace = 0; namespace < 40; namespace++) {
            publish("acme", "n" + namespace, "node-1", 1);
        }

        assertThat(read("acme", "0/n31").reads()).isEqualTo(1);
        assertThat(read("acme", "0/n32").reads()).isZero();
        assertThat(read("acme", "0/__other__").leftOut()).isEqualTo(8);
    }

    @Test
    void leavesOutNodesThatAreTooMany() {
        for (int node = 0; node < 6; node++) {
            publish("acme", "feed", "node-" + node, 5);
        }

        ReuseTally tally = read("acme", "0/feed");

        assertThat(tally.reads()).isEqualTo(20);
        assertThat(tally.leftOut()).isEqualTo(10);
        assertThat(tally.samples()).isEqualTo(4);
    }

    /** All of a sample has to fit into one record. */
    @Test
    void leavesOutNodesWhoseNamesAreTooLong() {
        publish("acme", "feed", "n".repeat(500), 1);
        publish("acme", "feed", "n".repeat(501), 2);

        ReuseTally tally = read("acme", "0/feed");

        assertThat(tally.reads()).isEqualTo(1);
        assertThat(tally.leftOut()).isEqualTo(2);
    }

    private void publish(String tenant, String namespace, String node, int keys) {
        List<CacheRead> reads = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            reads.add(Reads.of(Workloads.keyOf(key), CacheOutcome.L2_HIT, MissClass.UNKNOWN, Duration.ofMillis(key)));
        }
        topology.publish(CacheReadBatch.newBuilder()
                .setTenant(tenant)
                .setNamespace(namespace)
                .setPattern("*")
                .setNode(node)
                .setFirstAt(topology.now())
                .setEntries(reads)
                .build());
    }

    private ReuseTally read(String tenant, String name) {
        ReuseTally sum = new ReuseTally();
        topology.stored(tenant, Level.HOUR)
                .getOrDefault(name, Map.of())
                .values()
                .forEach(sum::merge);
        return sum;
    }
}
