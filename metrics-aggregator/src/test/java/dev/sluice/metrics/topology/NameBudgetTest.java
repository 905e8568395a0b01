package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameBudgetTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final NameBudget budget = new NameBudget(2, 100);

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

    @Test
    void keepsNoMoreApartInAll() {
        NameBudget small = new NameBudget(2, 3);
        small.resume("acme", Map.of("a", 0L, "b", 0L));
        assertThat(small.admits("zeta", "c", 0)).isTrue();
        assertThat(small.admits("zeta", "d", 0))
                .as("has room of its own, but all have none")
                .isFalse();
        assertThat(small.admits("new", "a", 0)).isFalse();
        assertThat(small.admits("acme", "b", DAY)).isTrue();
        assertThat(small.admits("new", "a", DAY + 1))
                .as("in the place of another one's, forgotten")
                .isTrue();
        assertThat(small.hasAny("acme", "a"::equals)).isFalse();
        assertThat(small.hasAny("zeta", "c"::equals)).isFalse();
        assertThat(small.admits("acme", "b", DAY + 1)).isTrue();
    }

    /** Against one that forgets and counts all names each time. */
    @Test
    void keepsAsManyApartAsThereIsRoomForWhateverComes() {
        Random random = Randomness.seeded();
        NameBudget small = new NameBudget(4, 10);
        Map<String, Map<String, Long>> kept = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(20) == 0 ? DAY / 2 : random.nextInt(90_000);
            String owner = "owner-" + random.nextInt(5);
            String name = "name-" + random.nextInt(8);
            Long met = kept.computeIfAbsent(owner, absent -> new HashMap<>()).get(name);
            boolean isAdmitted = small.admits(owner, name, now);
            assertThat(isAdmitted || met == null || now - met > DAY)
                    .as("a name that is met goes on being kept apart")
                    .isTrue();
            if (isAdmitted) {
                kept.computeIfAbsent(owner, absent -> new HashMap<>()).put(name, now);
            }
            // What it has let go of, which only those may be that were not met for a day.
            long reached = now;
            kept.forEach((other, names) -> names.entrySet()
                    .removeIf(
                            entry -> entry.getValue() < reached - DAY && !small.hasAny(other, entry.getKey()::equals)));
            kept.forEach((other, names) -> assertThat(names.size()).isLessThanOrEqualTo(4));
            assertThat(kept.values().stream().mapToInt(Map::size).sum()).isLessThanOrEqualTo(10);
        }
    }
}
