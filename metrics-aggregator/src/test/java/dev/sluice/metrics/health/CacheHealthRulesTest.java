package dev.sluice.metrics.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheHealthRulesTest {
    private static final CacheHealthRules RULES = new CacheHealthRules(HealthProperties.Cache.usual());

    @ParameterizedTest
    @CsvSource({
        "0.50, 49.9,  99.9, HEALTHY,  0",
        "0.50, 49.9, 100.0, WARNING,  1",
        "0.50, 50.0,  99.9, DEGRADED, 1",
        "0.49, 49.9,  99.9, DEGRADED, 1",
        "0.49, 50.0, 100.0, DEGRADED, 3",
        "1.00,  0.0,   0.0, HEALTHY,  0",
    })
    void judgesAtTheThresholds(double hitRate, double average, double p95, Status status, int warnings) {
        CacheVerdict verdict = RULES.judge(hitRate, average, p95);
        assertThat(verdict.status()).isEqualTo(status);
        assertThat(verdict.warnings()).hasSize(warnings);
    }

    @Test
    void aWarningNamesTheMeasuredValueAndTheThreshold() {
        assertThat(RULES.judge(0.25, 60, 150).warnings())
                .containsExactly(
                        "95th percentile is 150.0 ms; it should be below 100 ms",
                        "average is 60.0 ms; it should be below 50 ms",
                        "hit rate is 25.0 %; it should be at least 50 %");
    }

    @Test
    void noReadsAreHealthy() {
        assertThat(RULES.judge(new CacheTally()).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void judgesWhatWasCounted() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.L1_HIT, 1_000_000, 1);
        tally.add(ReadOutcome.MISS, 1_000_000, 1);
        assertThat(RULES.judge(tally).status()).isEqualTo(Status.HEALTHY);
        tally.add(ReadOutcome.MISS, 1_000_000, 1);
        assertThat(RULES.judge(tally).status()).isEqualTo(Status.DEGRADED);
    }
}
