package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.query.AnomalyAnswers.Anomaly;
import dev.sluice.metrics.query.AnomalyAnswers.Found;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnomalyAnswersTest {
    private static final Instant HOUR = Instant.parse("2026-03-18T20:00:00Z");
    private static final List<Instant> JUDGED = List.of(HOUR.minus(1, ChronoUnit.HOURS), HOUR);
    private static final List<Figure<CacheTally>> HIT_RATE = Figure.OF_NAMESPACES.subList(0, 1);

    @Test
    void tellsWhatWasMeasuredWhatIsUsualAndOnWhichHoursThatRests() {
        NamedSeries<CacheTally> counted = new NamedSeries<>(CacheTally.KIND);
        usual(counted, "feed", 200);
        usual(counted, "search", 200);
        add(counted, "feed", 0, 300, 30);
        add(counted, "search", 0, 300, 270);

        AnomalyAnswers answer = judge(counted);

        assertThat(answer.judged()).isEqualTo(2);
        assertThat(answer.unjudged()).isEmpty();
        assertThat(answer.anomalies()).hasSize(1);
        Anomaly anomaly = answer.anomalies().getFirst();
        assertThat(anomaly.name()).isEqualTo("feed");
        assertThat(anomaly.measure()).isEqualTo("hit_rate");
        assertThat(anomaly.value()).isEqualTo(0.1);
        assertThat(anomaly.volume()).isEqualTo(300);
        assertThat(anomaly.expected()).isEqualTo(0.9);
        assertThat(anomaly.expected_low()).isBetween(0.8499, 0.8501);
        assertThat(anomaly.hour()).isEqualTo(HOUR);
        assertThat(anomaly.since()).isEqualTo(HOUR);
        assertThat(anomaly.season()).isEqualTo("recent_hours");
        assertThat(anomaly.baseline_hours()).hasSize(10);
        assertThat(anomaly.statement())
                .isEqualTo(
                        "namespace feed hits 10.0 % where 85.0 % to 95.0 % are usual, since the hour of 2026-03-18T20:00Z.");
    }

    @Test
    void leavesOutHoursOfWhichChanceIsToBlame() {
        NamedSeries<CacheTally> counted = new NamedSeries<>(CacheTally.KIND);
        usual(counted, "feed", 200);
        add(counted, "feed", 0, 99, 0);

        assertThat(judge(counted).anomalies()).isEmpty();
    }

    @Test
    void saysWhatItKnowsTooLittleOf() {
        NamedSeries<CacheTally> counted = new NamedSeries<>(CacheTally.KIND);
        usual(counted, "rare", 99);
        add(counted, "rare", 0, 300, 0);

        AnomalyAnswers answer = judge(counted);

        assertThat(answer.anomalies()).isEmpty();
        assertThat(answer.judged()).isZero();
        assertThat(answer.unjudged()).extracting(AnomalyAnswers.Unjudged::name).containsExactly("rare");
    }

    private static AnomalyAnswers judge(NamedSeries<CacheTally> counted) {
        Found found = new Found();
        AnomalyAnswers.judge("namespace", counted, HIT_RATE, JUDGED, found);
        return found.answer(null, JUDGED);
    }

    private static void usual(NamedSeries<CacheTally> counted, String name, int reads) {
        for (int back = 1; back <= 10; back++) {
            add(counted, name, back, reads, reads * 9 / 10);
        }
    }

    private static void add(NamedSeries<CacheTally> counted, String name, int hoursBack, int reads, int hits) {
        CacheTally tally = new CacheTally();
        for (int i = 0; i < reads; i++) {
            tally.add(i < hits ? ReadOutcome.L1_HIT : ReadOutcome.MISS, 1000, 1);
        }
        counted.add(name, HOUR.minus(hoursBack, ChronoUnit.HOURS).toEpochMilli(), tally);
    }
}
