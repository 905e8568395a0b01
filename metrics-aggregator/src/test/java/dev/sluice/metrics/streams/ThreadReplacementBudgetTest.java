package dev.sluice.metrics.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThreadReplacementBudgetTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void givesOutItsReplacementsAndNewOnesAsTimePasses() {
        ThreadReplacementBudget budget = new ThreadReplacementBudget(2, Duration.ofMinutes(1));
        assertThat(budget.tryTake(START)).isTrue();
        assertThat(budget.tryTake(START.plusSeconds(30))).isTrue();
        assertThat(budget.tryTake(START.plusSeconds(60))).isFalse();
        assertThat(budget.tryTake(START.plusSeconds(61))).isTrue();
        assertThat(budget.tryTake(START.plusSeconds(62))).isFalse();
    }
}
