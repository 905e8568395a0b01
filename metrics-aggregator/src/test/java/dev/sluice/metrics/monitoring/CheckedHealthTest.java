package dev.sluice.metrics.monitoring;

import static dev.sluice.metrics.monitoring.Reports.check;
import static dev.sluice.metrics.monitoring.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.monitoring.CheckedHealth.ServiceHealth;
import dev.sluice.metrics.monitoring.InstanceReports.Heard;
import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CheckedHealthTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final HealthCheckResult CRITICAL_WELL = check("kafka", true, CheckStatus.HEALTHY);
    private static final HealthCheckResult CRITICAL_ILL = check("kafka", true, CheckStatus.UNHEALTHY);
    private static final HealthCheckResult WELL = check("redis", false, CheckStatus.HEALTHY);
    private static final HealthCheckResult ILL = check("redis", false, CheckStatus.UNHEALTHY);

    @Test
    void oneCriticalFailureMakesTheWholeUnhealthyAnotherOneDegraded() {
        assertThat(of(heard("a", CRITICAL_WELL, WELL)).status()).isEqualTo("healthy");
        assertThat(of(heard("a", CRITICAL_WELL, WELL), heard("b", CRITICAL_WELL, ILL))
                        .status())
                .isEqualTo("degraded");
        assertThat(of(heard("a", CRITICAL_ILL, ILL), heard("b", CRITICAL_WELL, WELL))
                        .status())
                .isEqualTo("unhealthy");
        assertThat(of().status()).isEqualTo("healthy");
    }

    @Test
    void saysOfEachCheckOfEachInstanceWhatItFound() {
        CheckedHealth health = of(heard("b", CRITICAL_WELL), heard("a", CRITICAL_WELL, ILL));
        assertThat(health.checks()).containsOnlyKeys("a/1/kafka", "a/1/redis", "b/1/kafka");
        CheckedHealth.Checked redis = found(health, "a/1/redis");
        assertThat(redis.status()).isEqualTo("unhealthy");
        assertThat(redis.response_time_ms()).isEqualTo(2.5);
        assertThat(redis.critical()).isFalse();
        assertThat(redis.detail()).isEqualTo("7 of at most 5");
        assertThat(redis.checked_at()).isEqualTo(NOW);
        assertThat(health.services())
                .containsEntry("a", new ServiceHealth("degraded", 1, 0))
                .containsEntry("b", new ServiceHealth("healthy", 1, 0));
        assertThat(health.summary())
                .isEqualTo(new CheckedHealth.Summary(
                        "degraded", NOW, Map.of("a", "degraded", "b", "healthy"), List.of("a/1/redis")));
    }

    @Test
    void whatASilentInstanceFoundIsUnknownAndCriticalOnlyWhenNoOtherReports() {
        Duration silence = Duration.ofSeconds(31);
        Heard silent = heard("a", "1", silence, CRITICAL_WELL, WELL);

        CheckedHealth alone = of(silent);
        assertThat(alone.status()).isEqualTo("unhealthy");
        assertThat(found(alone, "a/1/redis").status()).isEqualTo("unknown");
        assertThat(found(alone, "a/1/kafka").detail())
                .contains("31 s")
                .contains("every 10 s")
                .endsWith("7 of at most 5");
        assertThat(alone.services()).containsEntry("a", new ServiceHealth("unhealthy", 0, 1));

        CheckedHealth beside = of(silent, heard("a", "2", Duration.ZERO, CRITICAL_WELL, WELL));
        assertThat(beside.status()).isEqualTo("degraded");
        assertThat(beside.services()).containsEntry("a", new ServiceHealth("degraded", 1, 1));

        assertThat(of(silent, heard("b", CRITICAL_WELL)).status())
                .as("another service does not stand in for it")
                .isEqualTo("unhealthy");
        assertThat(of(heard("a", "1", Duration.ofSeconds(30), CRITICAL_WELL)).status())
                .isEqualTo("healthy");
    }

    @Test
    void aServiceThatMustBeThereAndIsNotIsACriticalFailure() {
        CheckedHealth health = CheckedHealth.of(List.of(heard("a", CRITICAL_WELL)), List.of("a", "gone"), NOW);
        assertThat(health.status()).isEqualTo("unhealthy");
        assertThat(found(health, "gone/reports").critical()).isTrue();
        assertThat(found(health, "gone/reports").status()).isEqualTo("unknown");
        assertThat(health.services()).containsEntry("gone", new ServiceHealth("unhealthy", 0, 0));
        assertThat(health.summary().failing()).containsExactly("gone/reports");
    }

    @Test
    void whatAnotherVersionSaysAndThisOneDoesNotKnowIsAFailure() {
        CheckedHealth health = of(heard("a", check("kafka", true, CheckStatus.UNKNOWN)));
        assertThat(health.status()).isEqualTo("unhealthy");
        assertThat(found(health, "a/1/kafka").status()).isEqualTo("unknown");
    }

    private static CheckedHealth.Checked found(CheckedHealth health, String key) {
        return Objects.requireNonNull(health.checks().get(key));
    }

    private static CheckedHealth of(Heard... reports) {
        return CheckedHealth.of(List.of(reports), List.of(), NOW);
    }

    private static Heard heard(String service, HealthCheckResult... checks) {
        return heard(service, "1", Duration.ZERO, checks);
    }

    private static Heard heard(String service, String instance, Duration ago, HealthCheckResult... checks) {
        return new Heard(report(service, instance, NOW, checks), NOW.minus(ago));
    }
}
