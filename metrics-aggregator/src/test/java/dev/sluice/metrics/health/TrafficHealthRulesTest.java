package dev.sluice.metrics.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.traffic.RouteTally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficHealthRulesTest {
    private static final TrafficHealthRules RULES = new TrafficHealthRules(HealthProperties.Requests.usual());

    @ParameterizedTest
    @CsvSource({
        "2.0, 1.0, HEALTHY,  0",
        "2.1, 1.0, WARNING,  1",
        "2.0, 1.1, WARNING,  1",
        "5.1, 0.0, DEGRADED, 1",
        "0.0, 5.1, DEGRADED, 1",
        "2.1, 5.1, DEGRADED, 2",
    })
    void judgesAtTheThresholds(double p95Seconds, double errorPercent, Status status, int warnings) {
        CacheVerdict verdict = RULES.judge(p95Seconds, errorPercent);
        assertThat(verdict.status()).isEqualTo(status);
        assertThat(verdict.warnings()).hasSize(warnings);
    }

    @Test
    void aWarningNamesTheMeasuredValueAndTheThreshold() {
        assertThat(RULES.judge(3, 10).warnings())
                .containsExactly(
                        "95th percentile is 3.0 s; it should be at most 2 s",
                        "share of answers 5xx is 10.0 %; it should be at most 5 %");
    }

    @Test
    void noRequestsAreHealthy() {
        assertThat(RULES.judge(new RouteTally()).status()).isEqualTo(Status.HEALTHY);
    }
}
