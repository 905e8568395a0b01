package dev.sluice.webhook.replay;

import java.util.concurrent.TimeUnit;

/** At most so many in a second, evenly; what was not used is not made up for. Pure; for one thread. */
final class Pace {

    private final long periodNanos;
    private long dueNanos;

    Pace(int perSecond, long nowNanos) {
        periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        dueNanos = nowNanos;
    }

    /** How long the next one has to wait. */
    long waitNanos(long nowNanos) {
        return Math.max(0, dueNanos - nowNanos);
    }

    /** One went. */
    void spend(long nowNanos) {
        dueNanos = Math.max(dueNanos, nowNanos) + periodNanos;
    }
}
