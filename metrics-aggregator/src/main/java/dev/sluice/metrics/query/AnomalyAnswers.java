package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.anomaly.Baseline;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.anomaly.Measure;
import dev.sluice.metrics.ladder.Tally;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is not as usual, the most unusual first, and what could not be judged.
 *
 * @param hours the starts of the hours that were judged: the last full one and the one that runs
 * @param judged how many measures of how many names there were to judge
 * @param least_volume reads or requests that an hour must have to count
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AnomalyAnswers(
        @Nullable Instant asOf,
        List<Instant> hours,
        int judged,
        long least_volume,
        List<Anomaly> anomalies,
        List<Unjudged> unjudged) {
    /**
     * A measure that is not as usual in an hour.
     *
     * @param subject {@code namespace} or {@code route}
     * @param since the start of the first hour of those without a gap in which it was beyond what is usual
     * @param baseline_hours the starts of the hours that say what is usual
     */
    record Anomaly(
            String subject,
            String name,
            String measure,
            double value,
            long volume,
            double expected,
            double expected_low,
            double expected_high,
            double deviations,
            Instant hour,
            Instant since,
            String season,
            List<Instant> baseline_hours,
            String statement) {}

    /** What too little is known of to be judged. */
    record Unjudged(String subject, String name, String reason) {}

    /** Judges what was counted of one kind of things. */
    static <T extends Tally<T>> void judge(
            String subject, NamedSeries<T> counted, List<Figure<T>> figures, List<Instant> hours, Found found) {
        counted.byName()
                .forEach((name, windows) -> figures.forEach(figure -> {
                    Map<Instant, Double> measured = measured(windows, figure);
                    if (hours.stream().noneMatch(measured::containsKey)) {
                        return;
                    }
                    boolean isJudged = false;
                    for (Instant hour : hours) {
                        Double value = measured.get(hour);
                        Optional<Baseline> usual = Baseline.of(figure.measure(), hour, measured);
                        if (value == null || usual.isEmpty()) {
                            continue;
                        }
                        isJudged = true;
                        if (usual.get().isBroken(figure.measure(), value)) {
                            long volume = figure.volume().applyAsLong(windows.get(hour.toEpochMilli()));
                            found.anomalies.add(
                                    anomaly(subject, name, figure.measure(), hour, volume, usual.get(), measured));
                        }
                    }
                    found.judged += isJudged ? 1 : 0;
                    if (!isJudged && figure.equals(figures.getFirst())) {
                        found.unjudged.add(new Unjudged(
                                subject,
                                name,
                                "too few hours before with " + Figure.LEAST_VOLUME
                                        + " or more: 6 of the last day, or 5 days with the same hour"));
                    }
                }));
    }

    /** What was found so far. */
    static final class Found {
        private final List<Anomaly> anomalies = new ArrayList<>();
        private final List<Unjudged> unjudged = new ArrayList<>();
        private int judged;

        AnomalyAnswers answer(@Nullable Instant asOf, List<Instant> hours) {
            anomalies.sort(Comparator.comparingDouble(Anomaly::deviations).reversed());
            return new AnomalyAnswers(
                    asOf, hours, judged, Figure.LEAST_VOLUME, List.copyOf(anomalies), List.copyOf(unjudged));
        }
    }

    private static <T extends Tally<T>> Map<Instant, Double> measured(Map<Long, T> windows, Figure<T> figure) {
        Map<Instant, Double> measured = new TreeMap<>();
        windows.forEach((start, tally) -> {
            if (figure.isKnown(tally)) {
                measured.put(Instant.ofEpochMilli(start), figure.value().applyAsDouble(tally));
            }
        });
        return measured;
    }

    private static Anomaly anomaly(
            String subject,
            String name,
            Measure measure,
            Instant hour,
            long volume,
            Baseline usual,
            Map<Instant, Double> measured) {
        double value = measured.getOrDefault(hour, 0.0);
        Instant since = usual.since(measure, hour, measured);
        return new Anomaly(
                subject,
                name,
                measure.title(),
                value,
                volume,
                usual.usual(),
                usual.low(),
                usual.high(),
                usual.deviations(value),
                hour,
                since,
                usual.season().name().toLowerCase(Locale.ROOT),
                usual.hours(),
                statement(subject, name, measure, value, usual, since));
    }

    private static String statement(
            String subject, String name, Measure measure, double value, Baseline usual, Instant since) {
        return String.format(
                Locale.ROOT,
                "%s %s %s, since the hour of %s.",
                subject,
                name,
                measure.say(value, usual),
                since.atOffset(ZoneOffset.UTC));
    }
}
