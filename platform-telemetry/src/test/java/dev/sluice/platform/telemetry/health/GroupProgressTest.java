package dev.sluice.platform.telemetry.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupProgressTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final TopicPartition A = new TopicPartition("events", 0);
    private static final TopicPartition B = new TopicPartition("events", 1);

    private final GroupProgress progress = new GroupProgress(100, Duration.ofSeconds(60));

    @Test
    void countsWhatWaitsInAllPartitions() {
        assertThat(observe(0, Map.of(A, 40L, B, 10L), Map.of(A, 90L, B, 60L)))
                .isEqualTo(Finding.well("100 records are waiting; it should be at most 100"));
        assertThat(observe(1, Map.of(A, 40L, B, 10L), Map.of(A, 90L, B, 61L)).isWell())
                .isFalse();
    }

    @Test
    void aPartitionWithoutAPositionBeginsAtItsBeginning() {
        assertThat(observe(0, Map.of(), Map.of(A, 101L)).isWell()).isFalse();
    }

    @Test
    void onePartitionThatStandsStillWithSomethingBeforeItIsAFailure() {
        assertThat(observe(0, Map.of(A, 5L, B, 0L), Map.of(A, 5L, B, 1L)).isWell())
                .isTrue();
        assertThat(observe(60, Map.of(A, 9L, B, 0L), Map.of(A, 9L, B, 2L)).isWell())
                .isTrue();
        Finding stuck = observe(61, Map.of(A, 9L, B, 0L), Map.of(A, 9L, B, 2L));
        assertThat(stuck.isWell()).isFalse();
        assertThat(stuck.detail()).contains("61 s").contains("at most 60 s");
        assertThat(observe(62, Map.of(A, 9L, B, 1L), Map.of(A, 9L, B, 2L)).isWell())
                .as("it moves again")
                .isTrue();
    }

    /** What comes after an hour of nothing has not been waiting for an hour. */
    @Test
    void standingStillWithNothingToDoIsWell() {
        assertThat(observe(0, Map.of(A, 5L), Map.of(A, 5L)).isWell()).isTrue();
        assertThat(observe(3_600, Map.of(A, 5L), Map.of(A, 5L)).isWell()).isTrue();
        assertThat(observe(3_601, Map.of(A, 5L), Map.of(A, 6L)).isWell()).isTrue();
        assertThat(observe(3_662, Map.of(A, 5L), Map.of(A, 6L)).isWell()).isFalse();
    }

    /** Where the group is was asked for before the ends, but ends of another broker may be older. */
    @Test
    void whatOnePartitionIsAheadDoesNotHideWhatWaitsInAnother() {
        assertThat(observe(0, Map.of(A, 90L, B, 0L), Map.of(A, 10L, B, 101L)).isWell())
                .isFalse();
    }

    @Test
    void aPartitionThatWasGoneHasNotStoodStillMeanwhile() {
        assertThat(observe(0, Map.of(A, 5L), Map.of(A, 6L)).isWell()).isTrue();
        assertThat(observe(30, Map.of(B, 1L), Map.of(B, 1L)).isWell()).isTrue();
        assertThat(observe(90, Map.of(A, 5L), Map.of(A, 6L)).isWell()).isTrue();
    }

    private Finding observe(long second, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return progress.observe(positions, ends, START.plusSeconds(second));
    }
}
