package dev.sluice.webhook.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantBudgetTest {

    private final FakeClock clock = FakeClock.fixed();

    @Test
    void refusesWhatIsTooMuchAndSaysWhenThereIsMore() {
        TenantBudget budget = new TenantBudget("test events", 2, clock);
        budget.spend("a");
        clock.advance(Duration.ofMillis(10_500));
        budget.spend("a");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> budget.spend("a"))
                .satisfies(refusal -> {
                    assertThat(refusal.type()).isEqualTo(ProblemType.QUOTA_EXCEEDED);
                    assertThat(refusal.headers()).containsEntry("Retry-After", "50");
                    assertThat(refusal.detail()).contains("2 test events a minute");
                });
        budget.spend("b");
        clock.advance(Duration.ofSeconds(50));
        budget.spend("a");
    }

    @Test
    void inNoMinuteMoreThanThereMayBeAndNeverFewer() {
        Random random = Randomness.seeded();
        TenantBudget budget = new TenantBudget("things", 5, clock);
        Map<String, List<Instant>> taken = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            clock.advance(Duration.ofMillis(random.nextInt(4_000)));
            String tenant = "tenant-" + random.nextInt(4);
            List<Instant> times = taken.computeIfAbsent(tenant, unseen -> new ArrayList<>());
            Instant begin = clock.instant().minus(Duration.ofMinutes(1));
            boolean fits = times.stream().filter(time -> time.isAfter(begin)).count() < 5;
            assertThat(isTaken(budget, tenant)).isEqualTo(fits);
            if (fits) {
                times.add(clock.instant());
            }
        }
    }

    @Test
    void forgetsWhoAsksNoMore() {
        TenantBudget budget = new TenantBudget("things", 1, clock);
        for (int i = 0; i < 1_000; i++) {
            budget.spend("tenant-" + i);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(budget.size()).isLessThanOrEqualTo(60);
    }

    @Test
    void anEmptyBudgetIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantBudget("things", 0, clock))
                .withMessageContaining("perMinute");
    }

    private static boolean isTaken(TenantBudget budget, String tenant) {
        try {
            budget.spend(tenant);
            return true;
        } catch (ProblemException _) {
            return false;
        }
    }
}
