package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimeTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long YEAR_3000 = Instant.parse("3000-01-01T00:00:00Z").toEpochMilli();
    private static final EventTime EVENT_TIME = new EventTime(Duration.ofMinutes(1));

    @Test
    void believesThePastAndASlightlyFastClock() {
        assertThat(EVENT_TIME.clampMillis(NOW - 1, NOW, NOW)).isEqualTo(NOW - 1);
        assertThat(EVENT_TIME.clampMillis(NOW + 60_000, NOW, NOW)).isEqualTo(NOW + 60_000);
        assertThat(EVENT_TIME.clampMillis(0, NOW, NOW)).isZero();
    }

    @Test
    void aTimeInTheFutureIsNow() {
        assertThat(EVENT_TIME.clampMillis(NOW + 60_001, NOW, NOW)).isEqualTo(NOW);
        assertThat(EVENT_TIME.clampMillis(YEAR_3000, NOW, -1)).isEqualTo(NOW);
        assertThat(EVENT_TIME.clampMillis(Long.MAX_VALUE, NOW, -1)).isEqualTo(NOW);
    }

    @Test
    void aTimeBefore1970IsTheTimeThePartitionHasReached() {
        assertThat(EVENT_TIME.clampMillis(-1, NOW, NOW - 500)).isEqualTo(NOW - 500);
        assertThat(EVENT_TIME.clampMillis(Long.MIN_VALUE, NOW, -1)).isEqualTo(NOW);
    }

    @Test
    void refusesANegativeTolerance() {
        assertThatThrownBy(() -> new EventTime(Duration.ofMillis(-1))).hasMessageContaining("tolerance");
    }
}
