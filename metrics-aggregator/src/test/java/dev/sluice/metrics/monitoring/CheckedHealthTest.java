package dev.sluice.metrics.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.monitoring.MonitoredCheck.Finding;
import dev.sluice.metrics.monitoring.MonitoredCheck.Weight;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CheckedHealthTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final Finding WELL = Finding.well("is well");
    private static final Finding ILL = Finding.failing("7 of at most 5");

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void oneCriticalFailureMakesTheWholeUnhealthyAnotherOneDegraded() {
        assertThat(of(check("a", Weight.CRITICAL, WELL), check("b", Weight.SUPPORTING, WELL))
                        .status())
                .isEqualTo("healthy");
        assertThat(of(check("a", Weight.CRITICAL, WELL), check("b", Weight.SUPPORTING, ILL))
                        .status())
                .isEqualTo("degraded");
        assertThat(of(check("a", Weight.CRITICAL, ILL), check("b", Weight.SUPPORTING, ILL))
                        .status())
                .isEqualTo("unhealthy");
        assertThat(of().status()).isEqualTo("healthy");
    }

    @Test
    void saysOfEachCheckHowLongItTookAndWhatItFound() {
        CheckedHealth health = of(check("slow", Weight.SUPPORTING, () -> {
            nanos.addAndGet(2_500_000);
            return ILL;
        }));
        assertThat(health.checks())
                .containsEntry("slow", new CheckedHealth.Checked("unhealthy", 2.5, false, "7 of at most 5"));
        assertThat(health.summary()).isEqualTo(new CheckedHealth.Summary("degraded", NOW, List.of("slow")));
    }

    @Test
    void aCheckThatBreaksIsNotWellAndTellsNothingOfHow() {
        CheckedHealth health = of(check("broken", Weight.CRITICAL, () -> {
            throw new IllegalStateException("a secret");
        }));
        assertThat(health.status()).isEqualTo("unhealthy");
        assertThat(health.toString()).doesNotContain("secret");
    }

    private CheckedHealth of(MonitoredCheck... checks) {
        return CheckedHealth.of(List.of(checks), NOW, nanos::get);
    }

    private static MonitoredCheck check(String name, Weight weight, Finding found) {
        return check(name, weight, () -> found);
    }

    private static MonitoredCheck check(String name, Weight weight, Supplier<Finding> found) {
        return new MonitoredCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Weight weight() {
                return weight;
            }

            @Override
            public Finding check() {
                return found.get();
            }
        };
    }
}
