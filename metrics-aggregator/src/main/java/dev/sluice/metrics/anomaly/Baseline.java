package dev.sluice.metrics.anomaly;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is usual in an hour: the median of what was measured in comparable hours before it, and how far from it is still usual. Both are robust: a day on which all went wrong does
 * not move them (median absolute deviation, scaled to the standard deviation of a normal distribution; Hampel, 1974). Times are in UTC. Pure.
 *
 * @param season which hours were compared
 * @param usual their median
 * @param deviation how far from it values usually lie, as a standard deviation
 * @param low the least that is usual
 * @param high the most that is usual
 * @param hours the starts of these hours
 */
public record Baseline(Season season, double usual, double deviation, double low, double high, List<Instant> hours) {
    /** Days that are looked back to: the same hour of four weeks. */
    public static final int DAYS = 28;

    /** Hours that are looked back to while there are too few days. */
    public static final int RECENT = 24;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);

    /** So many standard deviations are usual: one hour in 15,000 of a normal distribution lies beyond. */
    private static final double USUAL_DEVIATIONS = 4;

    /** For a normal distribution the standard deviation is so many times the median absolute deviation. */
    private static final double MAD_TO_DEVIATION = 1.4826;

    public Baseline {
        hours = List.copyOf(hours);
    }

    /** The hours to be known for one: those of all seasons. */
    public static Collection<Instant> hoursBefore(Instant hour) {
        List<Instant> hours = new ArrayList<>();
        for (int back = 1; back <= RECENT; back++) {
            hours.add(hour.minus(HOUR.multipliedBy(back)));
        }
        for (int day = 2; day <= DAYS; day++) {
            hours.add(hour.minus(Duration.ofDays(day)));
        }
        return hours;
    }

    /**
     * What is usual in an hour; empty when too few hours before are known.
     *
     * @param measured by the start of the hour; those with enough volume alone
     */
    public static Optional<Baseline> of(Measure measure, Instant hour, Map<Instant, Double> measured) {
        for (Season season : Season.values()) {
            List<Instant> hours =
                    hours(season, hour).stream().filter(measured::containsKey).toList();
            if (hours.size() >= season.least()) {
                return Optional.of(of(measure, season, hours, measured, hour));
            }
        }
        return Optional.empty();
    }

    private static Baseline of(
            Measure measure, Season season, List<Instant> hours, Map<Instant, Double> measured, Instant hour) {
        double usual = median(values(hours, measured));
        double deviation = deviation(values(hours, measured), usual);
        if (season == Season.HOUR_OF_WEEK) {
            // Four weeks say little about how much an hour varies; the days between say more.
            List<Instant> days = hours(Season.HOUR_OF_DAY, hour).stream()
                    .filter(measured::containsKey)
                    .toList();
            double[] daily = values(days, measured);
            deviation = Math.max(deviation, deviation(daily, median(daily)));
        }
        double tolerance = Math.max(USUAL_DEVIATIONS * deviation, measure.tolerance(usual));
        return new Baseline(season, usual, deviation, Math.max(0, usual - tolerance), usual + tolerance, hours);
    }

    private static List<Instant> hours(Season season, Instant hour) {
        List<Instant> hours = new ArrayList<>();
        switch (season) {
            case HOUR_OF_WEEK -> {
                for (int week = 1; week * 7 <= DAYS; week++) {
                    hours.add(hour.minus(WEEK.multipliedBy(week)));
                }
            }
            case HOUR_OF_DAY -> {
                for (int day = 1; day <= DAYS; day++) {
                    hours.add(hour.minus(Duration.ofDays(day)));
                }
            }
            case RECENT_HOURS -> {
                for (int back = 1; back <= RECENT; back++) {
                    hours.add(hour.minus(HOUR.multipliedBy(back)));
                }
            }
        }
        return hours;
    }

    /** Whether a value is too bad to be usual. */
    public boolean isBroken(Measure measure, double value) {
        return measure.isBad(value, low, high);
    }

    /** Whether a value is too bad to be usual, or would be were so much less tolerated: that part of it. */
    boolean isBroken(Measure measure, double value, double margin) {
        double tolerance = (high - usual) * (1 - margin);
        return measure.isBad(value, usual - tolerance, usual + tolerance);
    }

    /** How many standard deviations a value lies from the usual one; of those that never vary, of the tolerance. */
    public double deviations(double value) {
        return Math.abs(value - usual) / Math.max(deviation, (high - usual) / USUAL_DEVIATIONS);
    }

    /** The first of the hours up to that one, without a gap, in which the value was beyond what is usual now. */
    public Instant since(Measure measure, Instant hour, Map<Instant, Double> measured) {
        Instant first = hour;
        for (int back = 1; back <= RECENT; back++) {
            Instant before = hour.minus(HOUR.multipliedBy(back));
            Double value = measured.get(before);
            if (value == null || !isBroken(measure, value)) {
                return first;
            }
            first = before;
        }
        return first;
    }

    private static double[] values(List<Instant> hours, Map<Instant, Double> measured) {
        return hours.stream()
                .mapToDouble(hour -> measured.getOrDefault(hour, 0.0))
                .toArray();
    }

    private static double deviation(double[] values, double usual) {
        return MAD_TO_DEVIATION
                * median(Arrays.stream(values)
                        .map(value -> Math.abs(value - usual))
                        .toArray());
    }

    /** Of none, 0. */
    static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
