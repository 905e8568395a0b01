package dev.sluice.metrics.anomaly;

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

    boolean isBad(double value, double low, double high) {
        return highIsBad ? value > high : value < low;
    }
}
