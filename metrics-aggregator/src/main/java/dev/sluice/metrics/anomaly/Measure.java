package dev.sluice.metrics.anomaly;

import java.util.Locale;

/** What is watched, and what is too far from usual. The names in lower case are part of the API. */
public enum Measure {
    /** From 0 to 1; too low is bad. */
    HIT_RATE(0.05, 0, false),
    /** In milliseconds; too high is bad. */
    P95_RESPONSE_TIME_MS(1, 0.25, true);

    private final double leastTolerance;
    private final double leastPart;
    private final boolean highIsBad;

    Measure(double leastTolerance, double leastPart, boolean highIsBad) {
        this.leastTolerance = leastTolerance;
        this.leastPart = leastPart;
        this.highIsBad = highIsBad;
    }

    /** How far from a usual value nothing is unusual, however steady it was. */
    double tolerance(double usual) {
        return Math.max(leastTolerance, leastPart * usual);
    }

    /** What of a baseline a value must not be beyond. */
    public double bound(Baseline usual) {
        return highIsBad ? usual.high() : usual.low();
    }

    /** In words, beside what is usual. */
    public String say(double value, Baseline usual) {
        return switch (this) {
            case HIT_RATE ->
                String.format(
                        Locale.ROOT,
                        "hits %.1f %% where %.1f %% to %.1f %% are usual",
                        100 * value,
                        100 * usual.low(),
                        100 * Math.min(1, usual.high()));
            case P95_RESPONSE_TIME_MS ->
                String.format(
                        Locale.ROOT,
                        "takes %.1f ms (95th percentile) where up to %.1f ms are usual",
                        value,
                        usual.high());
        };
    }

    /** As the API calls it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isBad(double value, double low, double high) {
        return highIsBad ? value > high : value < low;
    }
}
