package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;
import static java.lang.Math.min;

/** An exponentially weighted mean of what is asked for, over about {@value #SPAN_MICROS} µs. Not thread-safe. */
final class LeaseDemand {

    private static final long SPAN_MICROS = 50_000;
    private static final long STEP_MICROS = 5_000;
    private static final long MIN_MICROS = 1_000;

    private double perMicro;
    private long pending;
    private long since;

    LeaseDemand(long now) {
        since = now;
    }

    void add(long cost, long now) {
        pending += cost;
        long elapsed = now - since;
        if (elapsed < STEP_MICROS) {
            return;
        }
        double weight = min(1.0, (double) elapsed / SPAN_MICROS);
        perMicro += weight * ((double) pending / elapsed - perMicro);
        pending = 0;
        since = now;
    }

    /** The same by the last few milliseconds alone; jumpy, but there before the mean is. */
    long recentOver(long micros, long now) {
        return pending * micros / max(MIN_MICROS, now - since);
    }

    /** What will be asked for in such a time, rounded down. */
    long over(long micros) {
        return (long) (perMicro * micros);
    }
}
