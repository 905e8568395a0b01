package dev.sluice.gateway.ratelimit;

/**
 * Where a tenant stands with one limit, after the request was counted or refused.
 *
 * @param exceeded whether the request did not fit
 * @param remaining what may still be spent at once
 * @param windowSeconds the length of the present window
 * @param microsUntilMore how long until more may be spent
 * @param microsUntilAdmitted how long until the request would fit; 0 when it did
 */
record LimitUse(
        Limit limit,
        boolean exceeded,
        long used,
        long remaining,
        long windowSeconds,
        long microsUntilMore,
        long microsUntilAdmitted) {

    static LimitUse of(Limit limit, LimitState settled, LimitState after, long cost, long now) {
        Algorithm algorithm = limit.algorithm();
        return new LimitUse(
                limit,
                !algorithm.admits(settled, cost),
                algorithm.used(after),
                algorithm.remaining(after),
                algorithm.windowSeconds(after),
                algorithm.microsUntilMore(after, now),
                algorithm.microsUntilAdmitted(settled, cost, now));
    }

    /**
     * A moment that every gateway takes to be in the present window, whatever its clock says of the edges.
     *
     * @param now microseconds since the epoch, by a clock that may be wrong by less than half a window
     */
    long middleOfWindow(long now) {
        return microsUntilMore == 0 ? now : now + microsUntilMore - windowSeconds * 1_000_000 / 2;
    }

    boolean refuses() {
        return exceeded && limit.mode() == Limit.Mode.ENFORCE;
    }

    /** What a soft quota admitted beyond what it has. A rate forgets it: its bucket is full, no more. */
    long overage() {
        return limit.mode() == Limit.Mode.SOFT ? Math.max(0, used - limit.burst()) : 0;
    }

    /** The same, with nothing left for the request. */
    LimitUse reached() {
        return new LimitUse(limit, true, limit.burst(), 0, windowSeconds, microsUntilMore, microsUntilMore);
    }

    /** The same with so many units that count as used but can still be spent. */
    LimitUse withLeft(long units) {
        long left = Math.min(units, used);
        return new LimitUse(
                limit,
                exceeded,
                used - left,
                Math.min(remaining + left, limit.burst()),
                windowSeconds,
                microsUntilMore,
                microsUntilAdmitted);
    }
}
