package dev.sluice.webhook.delivery;

import dev.sluice.webhook.endpoint.RateLimit;

/**
 * When the next request of a rate may be begun: GCRA (ITU-T I.371, the virtual scheduling algorithm) with a tolerance of {@code burst -
 * 1} requests. In any time t no more than {@code burst + t / (period / requests)} are begun, however the limit changes meanwhile.
 * Times are those of one monotonic clock, in nanoseconds. Not thread-safe.
 */
final class Pace {

    /** When all that was taken has been paid for: the theoretical arrival time. */
    private long paidAtNanos;

    /** As if a whole burst had been taken at that time, by whoever sent before. */
    Pace(RateLimit limit, long spentAtNanos) {
        paidAtNanos = spentAtNanos + whole(limit);
    }

    /** Takes one now and answers zero, or takes none and answers how long to wait for it. */
    long tryTake(RateLimit limit, long nowNanos) {
        long each = limit.nanosPerRequest();
        // A limit that was made larger counts at once: nobody owes more than a burst of it.
        long owed = Math.min(owed(nowNanos), whole(limit));
        long tolerated = each * (limit.burst() - 1);
        if (owed > tolerated) {
            paidAtNanos = nowNanos + owed;
            return owed - tolerated;
        }
        paidAtNanos = nowNanos + owed + each;
        return 0;
    }

    /** How long until nothing is remembered of what was taken. */
    long owed(long nowNanos) {
        return Math.max(0, paidAtNanos - nowNanos);
    }

    private static long whole(RateLimit limit) {
        return limit.nanosPerRequest() * limit.burst();
    }
}
