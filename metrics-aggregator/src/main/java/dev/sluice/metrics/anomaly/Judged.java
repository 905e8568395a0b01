package dev.sluice.metrics.anomaly;

import java.time.Instant;

/**
 * What was measured in an hour, beside what is usual in it.
 *
 * @param volume reads or requests
 * @param hour its start
 */
public record Judged(Watched what, Instant hour, double value, long volume, Baseline usual) {

    public boolean isUnusual() {
        return usual.isBroken(what.measure(), value);
    }

    /** Whether it lies outside, or inside by less than that part of what is tolerated. */
    public boolean isNearlyUnusual(double margin) {
        return usual.isBroken(what.measure(), value, margin);
    }

    public double deviations() {
        return usual.deviations(value);
    }
}
