package dev.sluice.metrics.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.traffic.RouteTally.Count;
import dev.sluice.metrics.usage.Requests;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.record.RollupDimension;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteStatsTopologyTest {
    private final RouteHarness topology = new RouteHarness(TopologyHarness.PROPERTIES);

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void countsHowRequestsWereAnswered() {
        RequestEntry kept = entry(200, LimitVerdict.ALLOWED, 1_000_000);
        kept.setCached(true);
        RequestEntry forwarded = entry(503, LimitVerdict.ALLOWED, 5_000_000_000L);
        forwarded.setUpstreamNanos(4L);
        RequestEntry refused = entry(429, LimitVerdict.LIMITED, 2_000_000_000L);
        topology.publish(Requests.batch("acme", "shop", topology.now(), kept, forwarded, refused));

        RouteTally tally = tally("acme", "shop");
        assertThat(Arrays.stream(Count.values()).map(tally::count))
                .as(List.of(Count.values()).toString())
                .containsExactly(3L, 1L, 1L, 1L, 1L, 1L, 2L, 1L, 30L, 300L, 0L);
        assertThat(tally.lastErrorStatus()).isEqualTo(503);
        assertThat(tally.lastErrorMillis()).isEqualTo(topology.now().toEpochMilli());
        assertThat(tally.latency().count()).isEqualTo(3);
    }

    @Test
    void anAnswerWithoutTheUpstreamIsNoHitUnlessTheResponseCacheHadIt() {
        RequestEntry kept = entry(404, LimitVerdict.ALLOWED, 1);
        kept.setCached(true);
        RequestEntry validated = entry(200, LimitVerdict.ALLOWED, 1);
        validated.setCached(true);
        validated.setUpstreamNanos(4L);
        topology.publish(
                Requests.batch("acme", "shop", topology.now(), entry(204, LimitVerdict.ALLOWED, 1), kept, validated));
        assertThat(tally("acme", "shop").count(Count.KEPT)).isEqualTo(1);
        assertThat(tally("acme", "shop").count(Count.FORWARDED)).isEqualTo(1);
    }

    @Test
    void anUpstreamIsAskedInVainOnlyWhereTheResponseCacheWasLookedInto() {
        RequestEntry looked = entry(200, LimitVerdict.ALLOWED, 1);
        looked.setLooked(true);
        looked.setUpstreamNanos(4L);
        RequestEntry kept = entry(200, LimitVerdict.ALLOWED, 1);
        kept.setLooked(true);
        kept.setCached(true);
        RequestEntry unlooked = entry(200, LimitVerdict.ALLOWED, 1);
        unlooked.setUpstreamNanos(4L);
        topology.publish(Requests.batch("acme", "shop", topology.now(), looked, kept, unlooked));
        assertThat(tally("acme", "shop").count(Count.MISSED)).isEqualTo(1);
        assertThat(tally("acme", "shop").count(Count.KEPT)).isEqualTo(1);
        assertThat(tally("acme", "shop").count(Count.FORWARDED)).isEqualTo(2);
    }

    @Test
    void emitsRollupsOfRoutes() {
        topology.publish(Requests.batch("acme", "shop", topology.now(), entry(200, LimitVerdict.ALLOWED, 1)));
        topology.pass(Duration.ofMinutes(10));
        assertThat(topology.newRollups().values())
                .singleElement()
                .satisfies(rollup -> assertThat(rollup.getDimension()).isEqualTo(RollupDimension.ROUTE))
                .satisfies(rollup -> assertThat(rollup.getName()).isEqualTo("shop"))
                .satisfies(rollup -> assertThat(rollup.getCounts()).containsEntry("requests", 1L));
    }

    @Test
    void whatSaysSomethingImpossibleIsSetAsideOnce() {
        topology.publish(Requests.batch("", "shop", topology.now(), entry(200, LimitVerdict.ALLOWED, 1)));
        assertThat(topology.newPoison()).hasSize(1);
    }

    @Test
    void routesThatAreTooManyOrCannotBeCountAsOthers() {
        TopologyProperties one = new TopologyProperties(
                Duration.ofMinutes(5),
                Duration.ofHours(25),
                Duration.ofDays(30),
                Duration.ofDays(400),
                Duration.ofMinutes(1),
                1,
                1);
        try (RouteHarness small = new RouteHarness(one)) {
            for (String route : List.of("shop", "made-up", "x".repeat(600), "shop")) {
                small.publish(Requests.batch("acme", route, small.now(), entry(200, LimitVerdict.ALLOWED, 1)));
            }
            Map<NamedDimension, ?> stored = small.stored(List.of("acme"), Level.MINUTE);
            assertThat(stored.keySet()).extracting(NamedDimension::name).containsExactlyInAnyOrder("shop", "__other__");
        }
    }

    @Test
    void batchesOfChargesAloneAreNoRequests() {
        RequestBatch charges = Requests.batch("acme", "shop", topology.now());
        topology.publish(charges);
        assertThat(topology.stored(List.of("acme"), Level.MINUTE)).isEmpty();
    }

    @Test
    void aTallyComesBackFromItsBytesAndNoTruncationDoes() {
        topology.publish(Requests.batch("acme", "shop", topology.now(), entry(500, LimitVerdict.ALLOWED, 7)));
        RouteTally tally = tally("acme", "shop");
        CompactWriter out = new CompactWriter();
        tally.encode(out);
        byte[] bytes = out.toByteArray();
        assertThat(RouteTally.decode(new CompactReader(bytes))).isEqualTo(tally).hasSameHashCodeAs(tally);
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> RouteTally.decode(new CompactReader(truncated)))
                    .isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void aTallyOfTheVersionBeforeTellsOfNoMiss() {
        RouteTally tally = new RouteTally();
        tally.add(entry(200, LimitVerdict.ALLOWED, 7), 0);
        CompactWriter old = new CompactWriter().writeByte(1);
        for (Count count : Count.values()) {
            if (count != Count.MISSED) {
                old.writeCount(tally.count(count));
            }
        }
        old.writeCount(0).writeCount(0);
        tally.latency().encode(old);
        assertThat(RouteTally.decode(new CompactReader(old.toByteArray()))).isEqualTo(tally);
    }

    private RouteTally tally(String tenant, String route) {
        return topology.stored(List.of(tenant), Level.MINUTE)
                .getOrDefault(new NamedDimension(tenant, route), Map.of())
                .getOrDefault(topology.now(), new RouteTally());
    }

    private static RequestEntry entry(int status, LimitVerdict verdict, long latencyNanos) {
        RequestEntry entry = Requests.entry("key-1", "other", status, verdict);
        entry.setLatencyNanos(latencyNanos);
        return entry;
    }
}
