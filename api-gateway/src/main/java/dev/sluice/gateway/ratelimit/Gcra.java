package dev.sluice.gateway.ratelimit;

import static java.lang.Math.max;
import static java.lang.Math.min;

import dev.sluice.gateway.tier.LimitBounds;

/**
 * A rate with a burst: the generic cell rate algorithm.
 *
 * <p>The algorithm is that of ITU-T Recommendation I.371 (annex A), in its form as a continuous-state leaky bucket,
 * which the recommendation proves equal to the virtual schedule of theoretical arrival times (TAT) that is better known
 * from throttled and redis-cell. A bucket drains at the rate; each request pours its cost in; what would overflow is
 * refused and pours nothing. So any stretch of t seconds admits at most {@code burst + quota * t}.
 *
 * <p>The bucket form is chosen because it needs no division: with the level in millionths of a cost unit, one
 * microsecond drains exactly {@code quota} of them. All numbers stay whole, for every quota, and below 2^53, so that the
 * doubles of a Redis script compute the very same. An emission interval in whole microseconds, as the TAT form has it,
 * is wrong by up to half at high rates.
 *
 * <p>State: {@code amount} is the level, {@code since} the moment it was computed for. A clock that steps back drains
 * nothing; it never holds a tenant up.
 *
 * @param quota cost units a second
 * @param burst cost units at once
 */
record Gcra(long quota, long burst) implements Algorithm {

    private static final long UNIT = 1_000_000;

    Gcra {
        requireBounded("quota", quota);
        requireBounded("burst", burst);
    }

    @Override
    public LimitState settle(LimitState stored, long now) {
        // A tier may have been lowered since.
        long level = min(stored.amount(), capacity());
        long elapsed = max(0, now - stored.since());
        boolean drained = elapsed > level / quota;
        return new LimitState(drained ? 0 : level - elapsed * quota, now);
    }

    @Override
    public boolean admits(LimitState settled, long cost) {
        return cost == 0 || settled.amount() + cost * UNIT <= capacity();
    }

    @Override
    public LimitState charge(LimitState settled, long cost) {
        return new LimitState(min(settled.amount() + cost * UNIT, capacity()), settled.since());
    }

    @Override
    public long used(LimitState settled) {
        return divideUp(settled.amount(), UNIT);
    }

    @Override
    public long remaining(LimitState settled) {
        return (capacity() - settled.amount()) / UNIT;
    }

    @Override
    public long microsUntilMore(LimitState settled, long now) {
        long above = settled.amount() % UNIT;
        if (settled.amount() == 0) {
            return 0;
        }
        return divideUp(above == 0 ? UNIT : above, quota);
    }

    /** For a cost above the burst, which never fits: until the bucket is empty. */
    @Override
    public long microsUntilAdmitted(LimitState settled, long cost, long now) {
        long over = settled.amount() + cost * UNIT - capacity();
        return over <= 0 ? 0 : divideUp(min(over, settled.amount()), quota);
    }

    @Override
    public long windowSeconds(LimitState settled) {
        return 1;
    }

    @Override
    public long expiry(LimitState settled) {
        return settled.since() + divideUp(settled.amount(), quota);
    }

    private long capacity() {
        return burst * UNIT;
    }

    private static long divideUp(long dividend, long divisor) {
        return Math.ceilDiv(dividend, divisor);
    }

    private static void requireBounded(String name, long value) {
        if (value < 1 || value > LimitBounds.MAX_QUOTA) {
            throw new IllegalArgumentException(name + " must be from 1 to " + LimitBounds.MAX_QUOTA + ": " + value);
        }
    }
}
