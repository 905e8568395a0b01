package dev.sluice.metrics.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final Instant NOW = Instant.parse("2026-03-18T20:00:00Z");

    /** Hits are fewer at night and at weekends. */
    private static double usual(Instant hour) {
        int ofDay = hour.atOffset(ZoneOffset.UTC).getHour();
        int ofWeek = hour.atOffset(ZoneOffset.UTC).getDayOfWeek().getValue();
        return 0.9 - (ofDay < 6 ? 0.3 : 0) - (ofWeek > 5 ? 0.1 : 0);
    }

    private static SortedMap<Instant, Double> history(Duration length, Random random) {
        SortedMap<Instant, Double> measured = new TreeMap<>();
        for (Instant hour = NOW.minus(length); hour.isBefore(NOW); hour = hour.plus(1, ChronoUnit.HOURS)) {
            measured.put(hour, usual(hour) + 0.01 * random.nextGaussian());
        }
        return measured;
    }

    @Test
    void knowsTheHourOfTheWeekOnceThereAreFourWeeks() {
        Baseline baseline = Baseline.of(Measure.HIT_RATE, NOW, history(Duration.ofDays(29), new Random(1)))
                .orElseThrow();

        assertThat(baseline.season()).isEqualTo(Season.HOUR_OF_WEEK);
        assertThat(baseline.hours())
                .hasSize(4)
                .allMatch(hour -> Duration.between(hour, NOW).toDays() % 7 == 0);
        assertThat(baseline.usual()).isBetween(0.88, 0.92);
        assertThat(baseline.isBroken(Measure.HIT_RATE, 0.87)).isFalse();
        assertThat(baseline.isBroken(Measure.HIT_RATE, 0.7)).isTrue();
        assertThat(baseline.isBroken(Measure.HIT_RATE, 1))
                .as("better than usual")
                .isFalse();
    }

    @Test
    void doesNotTakeTheNightForAnAnomaly() {
        SortedMap<Instant, Double> measured = history(Duration.ofDays(29), new Random(2));
        for (Instant hour = NOW.minus(Duration.ofHours(23));
                hour.isBefore(NOW);
                hour = hour.plus(1, ChronoUnit.HOURS)) {
            Baseline baseline = Baseline.of(Measure.HIT_RATE, hour, measured).orElseThrow();
            assertThat(baseline.isBroken(Measure.HIT_RATE, measured.getOrDefault(hour, 0.0)))
                    .as(hour.toString())
                    .isFalse();
        }
    }

    @Test
    void takesDaysAndThenHoursWhereThereAreNoWeeks() {
        assertThat(Baseline.of(Measure.HIT_RATE, NOW, history(Duration.ofDays(10), new Random(3))))
                .get()
                .extracting(Baseline::season)
                .isEqualTo(Season.HOUR_OF_DAY);
        assertThat(Baseline.of(Measure.HIT_RATE, NOW, history(Duration.ofHours(8), new Random(3))))
                .get()
                .extracting(Baseline::season)
                .isEqualTo(Season.RECENT_HOURS);
        assertThat(Baseline.of(Measure.HIT_RATE, NOW, history(Duration.ofHours(5), new Random(3))))
                .as("too few")
                .isEmpty();
    }

    @Test
    void isNotMovedByADayOnWhichAllWentWrong() {
        SortedMap<Instant, Double> measured = history(Duration.ofDays(10), new Random(4));
        measured.replaceAll((hour, value) -> Duration.between(hour, NOW).toDays() == 3 ? 0.0 : value);
        measured.replaceAll((hour, value) -> Duration.between(hour, NOW).toDays() == 4 ? 0.0 : value);

        Baseline baseline = Baseline.of(Measure.HIT_RATE, NOW, measured).orElseThrow();

        assertThat(baseline.isBroken(Measure.HIT_RATE, 0.5)).isTrue();
        assertThat(baseline.usual()).isGreaterThan(0.85);
    }

    @Test
    void toleratesWhatIsSmallHoweverSteadyItWas() {
        SortedMap<Instant, Double> measured = new TreeMap<>();
        for (int hour = 1; hour <= 24; hour++) {
            measured.put(NOW.minus(hour, ChronoUnit.HOURS), 40.0);
        }
        Baseline baseline =
                Baseline.of(Measure.P95_RESPONSE_TIME_MS, NOW, measured).orElseThrow();

        assertThat(baseline.isBroken(Measure.P95_RESPONSE_TIME_MS, 49)).isFalse();
        assertThat(baseline.isBroken(Measure.P95_RESPONSE_TIME_MS, 51)).isTrue();
        assertThat(baseline.isBroken(Measure.P95_RESPONSE_TIME_MS, 1)).isFalse();
        assertThat(baseline.deviations(50)).isEqualTo(4);
    }

    @Test
    void tellsSinceWhen() {
        SortedMap<Instant, Double> measured = history(Duration.ofDays(29), new Random(5));
        for (int back = 0; back < 3; back++) {
            measured.put(NOW.minus(back, ChronoUnit.HOURS), 0.2);
        }
        Baseline baseline = Baseline.of(Measure.HIT_RATE, NOW, measured).orElseThrow();

        assertThat(baseline.since(Measure.HIT_RATE, NOW, measured)).isEqualTo(NOW.minus(2, ChronoUnit.HOURS));
    }

    @Test
    void asksForAllHoursThatItComparesWith() {
        assertThat(Baseline.hoursBefore(NOW))
                .doesNotHaveDuplicates()
                .contains(
                        NOW.minus(1, ChronoUnit.HOURS), NOW.minus(1, ChronoUnit.DAYS), NOW.minus(28, ChronoUnit.DAYS));
    }
}
