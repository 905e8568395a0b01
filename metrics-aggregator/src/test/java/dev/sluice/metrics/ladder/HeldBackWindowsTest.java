package dev.sluice.metrics.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.event.EventStatsTopology;
import dev.sluice.metrics.event.EventTally;
import dev.sluice.metrics.topology.TopologyHarness;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.junit.jupiter.api.Test;

/** What is counted waits for a commit, and is written with it. */
class HeldBackWindowsTest {
    private final Ladder<EventTally> ladder = EventStatsTopology.ladderOf(TopologyHarness.PROPERTIES);

    @Test
    void aLadderHasAStoreThatHoldsNothingAndIsAskedLikeACache() {
        StoreBuilder<? extends StateStore> signal = ladder.stores().getLast();

        assertThat(signal.name()).isEqualTo(ladder.signal());
        assertThat(signal.loggingEnabled()).isFalse();
        assertThat(signal.build()).isInstanceOf(CachedStateStore.class);
    }

    @Test
    void whoCountsIsToldOfACommitUntilTheStoreIsClosed() {
        CommitSignal signal = CommitSignal.named("signal").build();
        Map<String, Integer> told = new HashMap<>();
        signal.flushCache();
        signal.before(() -> told.merge("first", 1, Integer::sum));
        signal.flushCache();
        signal.flush();
        signal.before(() -> told.merge("second", 1, Integer::sum));
        signal.flushCache();
        signal.close();
        signal.flushCache();

        assertThat(told).isEqualTo(Map.of("first", 1, "second", 1));
    }
}
