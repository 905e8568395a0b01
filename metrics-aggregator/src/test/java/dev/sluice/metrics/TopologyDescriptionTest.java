package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.streams.AggregatorTopology;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.usage.UsageProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** The topology is the committed one: names and their order decide which changelogs and offsets a new version goes on with. */
class TopologyDescriptionTest {
    @Test
    void isTheCommittedOne() throws IOException {
        try (InputStream committed = Objects.requireNonNull(getClass().getResourceAsStream("/topology.txt"))) {
            assertThat(topology().describe().toString())
                    .isEqualTo(new String(committed.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Topology topology() {
        UsageProperties kept = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));
        AggregationCounters counters = new AggregationCounters(new SimpleMeterRegistry());
        return AggregatorTopology.of(TopologyHarness.PROPERTIES, kept, InstantSource.system(), counters);
    }
}
