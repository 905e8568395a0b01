package dev.sluice.metrics.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.event.EventTally;
import dev.sluice.metrics.event.EventTally.Count;
import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows close while they are read, between any two looks of the reader into the stores. */
class LadderReaderTest {
    private static final int EVENTS = 3;
    private static final Duration LONG_ENOUGH_TO_CLOSE_ALL = Duration.ofDays(2);

    static Stream<Arguments> readsWithLooks() {
        return Stream.of(Level.MINUTE, Level.HOUR, Level.DAY)
                .flatMap(window -> Stream.of(1, 2, 3, 4).map(look -> Arguments.of(window, look)));
    }

    @ParameterizedTest
    @MethodSource("readsWithLooks")
    void countsAllOfItOnceThoughEveryWindowClosesBeforeALook(Duration window, int look) {
        try (FactHarness<DomainEvent, EventTally> topology = harness()) {
            for (int i = 0; i < EVENTS; i++) {
                topology.publish(event(topology));
            }
            AtomicInteger looks = new AtomicInteger();
            long counted = sum(topology.stored("acme", window, store -> {
                if (looks.incrementAndGet() == look) {
                    topology.pass(LONG_ENOUGH_TO_CLOSE_ALL);
                }
            }));
            assertThat(counted).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @MethodSource("readsWithLooks")
    void soItDoesWhenSomethingLateGoesIntoWindowsThatAreClosed(Duration window, int look) {
        try (FactHarness<DomainEvent, EventTally> topology = harness()) {
            topology.publish(event(topology));
            topology.pass(Duration.ofMinutes(1));
            DomainEvent late = event(topology);
            // The hour is closed by the clock, and the late one begins another minute of it.
            topology.pass(Duration.ofMinutes(75));
            topology.publish(late);
            AtomicInteger looks = new AtomicInteger();
            long counted = sum(topology.stored("acme", window, store -> {
                if (looks.incrementAndGet() == look) {
                    topology.pass(LONG_ENOUGH_TO_CLOSE_ALL);
                }
            }));
            assertThat(counted).isEqualTo(2);
        }
    }

    private static long sum(Map<String, Map<Instant, EventTally>> stored) {
        return stored.values().stream()
                .flatMap(windows -> windows.values().stream())
                .mapToLong(tally -> tally.count(Count.EVENTS))
                .sum();
    }

    private static FactHarness<DomainEvent, EventTally> harness() {
        return new FactHarness<>(
                Topics.EVENTS,
                EventStatsTopology.ladderOf(TopologyHarness.PROPERTIES),
                (clock, counters) ->
                        new EventStatsTopology(TopologyHarness.PROPERTIES, clock, counters).addTo(new Topology()));
    }

    private static DomainEvent event(FactHarness<DomainEvent, EventTally> topology) {
        return DomainEvent.newBuilder()
                .setId("id")
                .setSource("/test")
                .setType("order.created")
                .setTime(topology.now())
                .setTenant("acme")
                .setReceivedAt(topology.now())
                .build();
    }
}
