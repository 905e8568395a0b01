package dev.sluice.metrics.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.event.EventTally.Count;
import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EventStatsTopologyTest {
    private final FactHarness<DomainEvent, EventTally> topology = harness(TopologyHarness.PROPERTIES);

    @AfterEach
    void close() {
        topology.close();
    }

    @RepeatedTest(6)
    void everyDayHasAsManyOfEachTypeAsWerePublished(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<String, Map<Instant, Long>> published = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            topology.pass(Duration.ofMinutes(random.nextInt(20)));
            Instant at = topology.now().minusSeconds(random.nextInt(600));
            String type = "order." + random.nextInt(4);
            topology.publish(event("acme", type, at, random.nextInt(50)));
            topology.publish(event("other", type, at, 1));
            published
                    .computeIfAbsent(type, absent -> new HashMap<>())
                    .merge(at.truncatedTo(ChronoUnit.DAYS), 1L, Long::sum);
        }
        assertThat(days("acme")).as("the last day is not over").isEqualTo(published);
        topology.pass(Duration.ofDays(2));
        assertThat(days("acme")).isEqualTo(published);
        assertThat(topology.newRollups()).as("each partition has but a part").isEmpty();
    }

    @Test
    void countsWhereItWasAcceptedWhateverItSaysItself() {
        DomainEvent longAgo = event("acme", "order.created", topology.now(), 7);
        longAgo.setTime(Instant.EPOCH);
        topology.publish(longAgo);
        DomainEvent without = event("acme", "order.created", topology.now(), 0);
        without.setData(null);
        topology.publish(without);

        EventTally today = topology.stored("acme", Level.DAY)
                .getOrDefault("order.created", Map.of())
                .getOrDefault(topology.now().truncatedTo(ChronoUnit.DAYS), new EventTally());
        assertThat(today.count(Count.EVENTS)).isEqualTo(2);
        assertThat(today.count(Count.BYTES)).isEqualTo(7);
    }

    @Test
    void typesThatAreTooManyCountAsOthers() {
        try (FactHarness<DomainEvent, EventTally> small = harness(TopologyHarness.with(2))) {
            for (int type = 0; type < 9; type++) {
                small.publish(event("acme", "type." + type, small.now(), 1));
            }
            assertThat(small.stored("acme", Level.DAY)).containsOnlyKeys("type.0", "type.1", "__other__");
            assertThat(small.stored("acme", Level.DAY)
                            .getOrDefault("__other__", Map.of())
                            .values())
                    .singleElement()
                    .satisfies(others -> assertThat(others.count(Count.EVENTS)).isEqualTo(7));
        }
    }

    @Test
    void whatCannotBeCountedIsSetAsideAndStopsNothing() {
        topology.publishRaw(null);
        topology.publishRaw(new byte[] {0, 0, 0, 0, 99});
        topology.publish(event("", "order.created", topology.now(), 1));
        topology.publish(event("acme", "order.created", topology.now(), 1));

        assertThat(topology.newPoison()).hasSize(3);
        assertThat(topology.stored("acme", Level.DAY)).containsOnlyKeys("order.created");
    }

    private Map<String, Map<Instant, Long>> days(String tenant) {
        Map<String, Map<Instant, Long>> days = new HashMap<>();
        topology.stored(tenant, Level.DAY)
                .forEach((type, windows) -> windows.forEach((day, tally) ->
                        days.computeIfAbsent(type, absent -> new HashMap<>()).put(day, tally.count(Count.EVENTS))));
        return days;
    }

    private static FactHarness<DomainEvent, EventTally> harness(TopologyProperties properties) {
        return new FactHarness<>(
                Topics.EVENTS,
                EventStatsTopology.ladderOf(properties),
                (clock, counters) -> new EventStatsTopology(properties, clock, counters).addTo(new Topology()));
    }

    private static DomainEvent event(String tenant, String type, Instant acceptedAt, int bytes) {
        return DomainEvent.newBuilder()
                .setId("id")
                .setSource("/test")
                .setType(type)
                .setTime(acceptedAt)
                .setTenant(tenant)
                .setData(ByteBuffer.wrap(new byte[bytes]))
                .setReceivedAt(acceptedAt)
                .build();
    }
}
