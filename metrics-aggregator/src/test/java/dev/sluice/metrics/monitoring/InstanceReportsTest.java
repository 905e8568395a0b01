package dev.sluice.metrics.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.metrics.monitoring.InstanceReports.Heard;
import dev.sluice.record.HealthReport;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InstanceReportsTest {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    private final InstanceReports reports = new InstanceReports(3, Duration.ofMinutes(10));

    @Test
    void knowsTheLatestOfEachInstance() {
        heard("1", 0);
        heard("2", 1);
        heard("1", 2);
        assertThat(reports.list(at(2)))
                .extracting(heard -> heard.report().getInstance(), Heard::heardAt)
                .containsExactly(tuple("1", at(2)), tuple("2", at(1)));
    }

    @Test
    void whoSaysFarewellIsForgottenAtOnceAndWhoIsSilentAfterAWhile() {
        heard("1", 0);
        heard("2", 0);
        reports.heard("service|1", null, at(1));
        assertThat(reports.list(at(1)))
                .extracting(heard -> heard.report().getInstance())
                .containsExactly("2");
        assertThat(reports.list(at(600))).hasSize(1);
        assertThat(reports.list(at(601))).isEmpty();
        reports.heard("service|unknown", null, at(602));
    }

    @Test
    void theOneHeardOfFirstGoesWhenThereAreTooMany() {
        heard("1", 1);
        heard("2", 0);
        heard("3", 2);
        heard("4", 3);
        assertThat(reports.list(at(3)))
                .extracting(heard -> heard.report().getInstance())
                .containsExactly("1", "3", "4");
    }

    @Test
    void isSilentAfterThreePacesWhateverPaceItPromises() {
        assertThat(heardWithPace(10_000).isSilent(at(30))).isFalse();
        assertThat(heardWithPace(10_000).isSilent(at(31))).isTrue();
        assertThat(heardWithPace(Long.MAX_VALUE).isSilent(at(181))).isTrue();
        assertThat(heardWithPace(-1).isSilent(at(0))).isFalse();
        assertThat(heardWithPace(-1).isSilent(START.plusMillis(300))).isFalse();
        assertThat(heardWithPace(-1).isSilent(at(1))).isTrue();
    }

    private static Heard heardWithPace(long millis) {
        HealthReport report = Reports.report("service", "1", START);
        report.setPaceMillis(millis);
        return new Heard(report, START);
    }

    private void heard(String instance, long second) {
        reports.heard("service|" + instance, Reports.report("service", instance, START), at(second));
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
