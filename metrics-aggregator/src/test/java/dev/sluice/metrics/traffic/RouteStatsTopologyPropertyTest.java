package dev.sluice.metrics.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.traffic.RouteTally.Count;
import dev.sluice.metrics.usage.Requests;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.record.Rollup;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random batches, some of which waited at their gateway, against an oracle that walks over every request. The seed is the repetition. */
class RouteStatsTopologyPropertyTest {
    private static final List<String> TENANTS = List.of("acme", "acme2", "zeta");
    private static final List<String> ROUTES = List.of("/api/v1/events", "shop", "__none__");
    private static final Duration LATE = Duration.ofMinutes(59);

    private record Counted(NamedDimension route, Instant at, RequestEntry entry) {}

    /** Remembers requests one by one; the only thing it shares with the topology is the tally. */
    private static final class Oracle {
        final List<Counted> requests = new ArrayList<>();
        long late;
        private Instant streamTime = Instant.MIN;

        void count(RequestBatch batch) {
            if (batch.getFirstAt().isAfter(streamTime)) {
                streamTime = batch.getFirstAt();
            }
            NamedDimension route = new NamedDimension(batch.getTenant(), batch.getRoute());
            for (RequestEntry entry : batch.getEntries()) {
                Instant at = batch.getFirstAt().plus(entry.getOffsetMicros(), ChronoUnit.MICROS);
                if (at.truncatedTo(ChronoUnit.MINUTES)
                        .plus(Level.MINUTE)
                        .plus(LATE)
                        .isAfter(streamTime)) {
                    requests.add(new Counted(route, at, entry));
                } else {
                    late++;
                }
            }
        }

        Map<NamedDimension, Map<Instant, RouteTally>> tallies(Duration window) {
            Map<NamedDimension, Map<Instant, RouteTally>> tallies = new HashMap<>();
            for (Counted counted : requests) {
                long millis = counted.at().toEpochMilli();
                tallies.computeIfAbsent(counted.route(), key -> new HashMap<>())
                        .computeIfAbsent(
                                Instant.ofEpochMilli(millis - millis % window.toMillis()), start -> new RouteTally())
                        .add(counted.entry(), millis);
            }
            return tallies;
        }
    }

    @RepeatedTest(12)
    void everyLevelHoldsWhatTheOracleCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Oracle oracle = new Oracle();
        Map<String, Rollup> rollups = new HashMap<>();
        try (RouteHarness topology = new RouteHarness(TopologyHarness.PROPERTIES)) {
            for (int i = 0; i < 120; i++) {
                topology.pass(Duration.ofSeconds(random.nextInt(900)));
                RequestBatch batch = randomBatch(topology.now(), random);
                oracle.count(batch);
                topology.publish(batch);
                rollups.putAll(topology.newRollups());
                if (random.nextInt(20) == 0) {
                    assertThat(topology.stored(TENANTS, Level.HOUR))
                            .as("while it is counted")
                            .isEqualTo(oracle.tallies(Level.HOUR));
                }
            }
            topology.pass(Duration.ofDays(2));
            rollups.putAll(topology.newRollups());

            for (Duration window : List.of(Level.HOUR, Level.DAY)) {
                assertThat(topology.stored(TENANTS, window))
                        .as(window.toString())
                        .isEqualTo(oracle.tallies(window));
            }
            assertThat(topology.meters
                            .get("sluice.metrics.late.facts")
                            .counter()
                            .count())
                    .isEqualTo((double) oracle.late);
        }
        assertThat(oracle.late).as("the run has late requests").isPositive();
        for (Duration window : List.of(Level.MINUTE, Level.HOUR, Level.DAY)) {
            assertThat(newest(rollups, window)).as(window.toString()).isEqualTo(counts(oracle.tallies(window)));
        }
    }

    private static Map<String, Long> counts(Map<NamedDimension, Map<Instant, RouteTally>> tallies) {
        Map<String, Long> counts = new HashMap<>();
        tallies.forEach((route, windows) -> windows.forEach((start, tally) ->
                counts.put(route.tenant() + "|" + route.name() + "|" + start, tally.count(Count.REQUESTS))));
        return counts;
    }

    private static Map<String, Long> newest(Map<String, Rollup> rollups, Duration window) {
        Map<String, Long> counts = new HashMap<>();
        for (Rollup rollup : rollups.values()) {
            if (rollup.getWindowSeconds() == window.toSeconds()) {
                counts.put(
                        rollup.getTenant() + "|" + rollup.getName() + "|" + rollup.getWindowStart(),
                        rollup.getCounts().get("requests"));
            }
        }
        return counts;
    }

    private static RequestBatch randomBatch(Instant now, Random random) {
        Duration age = random.nextInt(5) == 0
                ? Duration.ofMinutes(random.nextInt(120))
                : Duration.ofMillis(random.nextInt(3_000));
        // Two minutes more, the longest that a batch spans: what lies ahead of now would be moved.
        Instant at = now.minus(age).minus(Duration.ofMinutes(2)).truncatedTo(ChronoUnit.MILLIS);
        return Requests.random(TENANTS.get(random.nextInt(3)), ROUTES.get(random.nextInt(3)), at, random);
    }
}
