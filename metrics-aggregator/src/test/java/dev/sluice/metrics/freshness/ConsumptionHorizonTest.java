package dev.sluice.metrics.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumptionHorizonTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ConsumptionHorizon horizon = new ConsumptionHorizon();

    @Test
    void anEmptyInputIsCompleteAtOnce() {
        assertThat(horizon.observe(START, Map.of(0, 0L, 1, 0L), Map.of())).isEqualTo(new Freshness(START, 0, START));
    }

    @Test
    void nothingIsCompleteBeforeTheFirstEndIsReached() {
        assertThat(horizon.observe(START, Map.of(0, 10L), Map.of(0, 4L))).isEqualTo(new Freshness(null, 6, START));
    }

    @Test
    void movesOnUnderSteadyLoadThoughTheLagIsNeverZero() {
        horizon.observe(START, Map.of(0, 10L), Map.of(0, 5L));
        Freshness second = horizon.observe(START.plusSeconds(1), Map.of(0, 20L), Map.of(0, 12L));
        Freshness third = horizon.observe(START.plusSeconds(2), Map.of(0, 30L), Map.of(0, 22L));

        assertThat(second).isEqualTo(new Freshness(START, 8, START.plusSeconds(1)));
        assertThat(third).isEqualTo(new Freshness(START.plusSeconds(1), 8, START.plusSeconds(2)));
    }

    @Test
    void everyPartitionHasToBeReached() {
        horizon.observe(START, Map.of(0, 10L, 1, 10L), Map.of(0, 99L, 1, 9L));
        assertThat(horizon.observe(START.plusSeconds(1), Map.of(0, 10L, 1, 10L), Map.of(0, 99L))
                        .completeTo())
                .isNull();
    }

    @Test
    void staysBoundedWhileNothingIsCounted() {
        for (int second = 0; second < 100_000; second++) {
            horizon.observe(START.plusSeconds(second), Map.of(0, 10L + second), Map.of());
        }
        Instant end = START.plusSeconds(100_000);
        assertThat(horizon.observe(end, Map.of(0, 100_010L), Map.of(0, 11L)))
                .as("the oldest ends are kept, so the time still moves on")
                .isEqualTo(new Freshness(START.plusSeconds(1), 99_999, end));
    }
}
