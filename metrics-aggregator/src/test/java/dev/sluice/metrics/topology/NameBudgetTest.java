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

    @Test
    void aFewWhoHaveManyLeaveRoomForThoseWhoHaveLittle() {
        NameBudget shared = new NameBudget(200, 2000);
        for (int noisy = 0; noisy < 20; noisy++) {
            assertThat(admitted(shared, "noisy-" + noisy, 1000))
                    .as("the first half goes to who comes first, of the next quarter each gets a tenth")
                    .isEqualTo(noisy < 5 ? 200 : 20);
        }
        for (int other = 0; other < 10; other++) {
            assertThat(admitted(shared, "other-" + other, 1000)).isEqualTo(20);
        }
        assertThat(shared.admits("noisy-0", "one more", 0)).isFalse();
        for (int late = 0; late < 250; late++) {
            assertThat(admitted(shared, "late-" + late, 1000)).isEqualTo(2);
        }
        assertThat(shared.admits("one more", "a", 0)).as("all is taken").isFalse();
        assertThat(shared.admits("noisy-0", "name-7", 0))
                .as("what is kept apart goes on being so")
                .isTrue();
    }

    @Test
    void whatIsForgottenMakesRoomBeforeItIsScarce() {
        NameBudget small = new NameBudget(2, 4);
        small.resume("acme", Map.of("a", 0L, "b", 0L));
        assertThat(small.admits("new", "a", DAY + 1)).isTrue();
        assertThat(small.admits("new", "b", DAY + 1)).as("half is free again").isTrue();
    }

    private static int admitted(NameBudget budget, String owner, int names) {
        int admitted = 0;
        for (int name = 0; name < names; name++) {
            admitted += budget.admits(owner, "name-" + name, 0) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void whoHasLittleGetsItHoweverManyNamesOthersMakeUp() {
        Random random = Randomness.seeded();
        NameBudget shared = new NameBudget(20, 400);
        for (int i = 0; i < 100_000; i++) {
            shared.admits("noisy-" + random.nextInt(10), "name-" + random.nextInt(), i);
        }
        for (int quiet = 0; quiet < 40; quiet++) {
            assertThat(shared.admits("quiet-" + quiet, "a", 100_000)).isTrue();
            assertThat(shared.admits("quiet-" + quiet, "b", 100_000)).isTrue();
        }
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
