package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NameBudgetTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final NameBudget budget = new NameBudget(2);

    @Test
    void keepsTheFirstNamesOfEachOwnerApart() {
        assertThat(budget.admits("acme", "a", 0)).isTrue();
        assertThat(budget.admits("acme", "b", 0)).isTrue();
        assertThat(budget.admits("acme", "c", 0)).isFalse();
        assertThat(budget.admits("acme", "a", 1)).isTrue();
        assertThat(budget.admits("zeta", "c", 0)).isTrue();
    }

    @Test
    void aNameThatWasNotMetForADayMakesRoom() {
        budget.admits("acme", "a", 0);
        budget.admits("acme", "b", 0);
        budget.admits("acme", "a", DAY);
        assertThat(budget.admits("acme", "c", DAY)).isFalse();
        assertThat(budget.admits("acme", "c", DAY + 1)).as("in the place of b").isTrue();
        assertThat(budget.admits("acme", "b", DAY + 1)).isFalse();
        assertThat(budget.admits("acme", "a", DAY + 1)).isTrue();
    }

    @Test
    void goesOnWithWhatWasKeptApartBefore() {
        budget.resume("acme", Map.of("a", DAY, "b", 5L));
        assertThat(budget.admits("acme", "c", DAY)).isFalse();
        assertThat(budget.hasAny("acme", "b"::equals)).isTrue();
        assertThat(budget.admits("acme", "c", DAY + 6)).isTrue();
        assertThat(budget.hasAny("acme", "b"::equals)).as("met longest ago").isFalse();
        assertThat(budget.admits("acme", "a", DAY + 6)).isTrue();
    }
}
